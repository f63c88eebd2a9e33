"""Singer tap for Oracle E-Business Suite through Integrated SOA Gateway REST."""
