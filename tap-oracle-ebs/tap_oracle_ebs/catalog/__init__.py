"""The tables behind the streams: columns, types, keys."""
