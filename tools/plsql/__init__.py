"""Makes the PL/SQL package of tap-oracle-ebs from the catalog and from parts written by hand."""
