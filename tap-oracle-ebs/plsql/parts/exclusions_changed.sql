-- Documents whose own header, distributions, site use or accounts changed, and that concern a customer.
@include changed_accounts,

changed_uses AS (
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE @changed(u)
  UNION
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE u.gl_id_rec IN (SELECT c.code_combination_id FROM changed_accounts c)
  UNION
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE u.gl_id_rev IN (SELECT c.code_combination_id FROM changed_accounts c)
),

changed_orders AS (
  SELECT h.po_header_id
  FROM po_headers_all h
  WHERE o.purchasing = 'Y' AND @changed(h)
  UNION
  SELECT d.po_header_id
  FROM po_distributions_all d
  WHERE o.purchasing = 'Y' AND @changed(d)
  UNION
  SELECT d.po_header_id
  FROM po_distributions_all d
  WHERE
    o.purchasing = 'Y'
    AND d.code_combination_id IN (SELECT c.code_combination_id FROM changed_accounts c)
),

changed_invoices AS (
  SELECT i.invoice_id
  FROM ap_invoices_all i
  WHERE o.purchasing = 'Y' AND @changed(i)
  UNION
  SELECT d.invoice_id
  FROM ap_invoice_distributions_all d
  WHERE o.purchasing = 'Y' AND @changed(d)
  UNION
  SELECT d.invoice_id
  FROM ap_invoice_distributions_all d
  WHERE
    o.purchasing = 'Y'
    AND d.dist_code_combination_id IN (SELECT c.code_combination_id FROM changed_accounts c)
),

changed_transactions AS (
  SELECT t.customer_trx_id
  FROM ra_customer_trx_all t
  WHERE o.sales = 'Y' AND @changed(t)
  UNION
  SELECT s.customer_trx_id
  FROM ar_payment_schedules_all s
  WHERE
    o.sales = 'Y'
    AND s.class IN ('INV', 'DM', 'CM', 'CB')
    AND (@changed(s) OR s.customer_site_use_id IN (SELECT c.site_use_id FROM changed_uses c))
),

candidates AS (
  SELECT
    'purchase_order' AS document_type,
    h.po_header_id AS document_id
  FROM po_headers_all h
  INNER JOIN po_vendors v ON h.vendor_id = v.vendor_id
  INNER JOIN hz_cust_accounts a ON v.party_id = a.party_id
  WHERE h.po_header_id IN (SELECT c.po_header_id FROM changed_orders c) AND @unit(h)
  UNION
  SELECT
    'supplier_invoice' AS document_type,
    i.invoice_id AS document_id
  FROM ap_invoices_all i
  LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
  INNER JOIN hz_cust_accounts a ON a.party_id = COALESCE(i.party_id, v.party_id)
  WHERE i.invoice_id IN (SELECT c.invoice_id FROM changed_invoices c) AND @unit(i)
  UNION
  SELECT
    'sales_order' AS document_type,
    h.header_id AS document_id
  FROM oe_order_headers_all h
  INNER JOIN hz_cust_accounts a ON h.sold_to_org_id = a.cust_account_id
  WHERE
    o.sales = 'Y'
    AND (@changed(h) OR h.invoice_to_org_id IN (SELECT c.site_use_id FROM changed_uses c))
    AND @unit(h)
  UNION
  SELECT
    'receivable' AS document_type,
    t.customer_trx_id AS document_id
  FROM ra_customer_trx_all t
  INNER JOIN hz_cust_accounts a ON t.bill_to_customer_id = a.cust_account_id
  WHERE t.customer_trx_id IN (SELECT c.customer_trx_id FROM changed_transactions c) AND @unit(t)
  UNION
  SELECT
    'site_use' AS document_type,
    u.site_use_id AS document_id
  FROM hz_cust_site_uses_all u
  INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
  INNER JOIN hz_cust_accounts a ON s.cust_account_id = a.cust_account_id
  WHERE u.site_use_id IN (SELECT c.site_use_id FROM changed_uses c) AND @unit(u)
)
