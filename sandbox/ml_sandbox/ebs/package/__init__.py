"""A site's PL/SQL package of read procedures, called by POST."""
