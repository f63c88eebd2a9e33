"""JD Edwards and Zoho CRM in both directions, with the settings of meltano.yml."""
