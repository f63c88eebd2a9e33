-- Every document and site use of some customers.
accounts AS (
  SELECT
    a.cust_account_id,
    a.party_id
  FROM hz_cust_accounts a
  WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
),

candidates AS (
  SELECT
    'purchase_order' AS document_type,
    h.po_header_id AS document_id
  FROM accounts a
  INNER JOIN po_vendors v ON a.party_id = v.party_id
  INNER JOIN po_headers_all h ON v.vendor_id = h.vendor_id
  WHERE o.purchasing = 'Y' AND @unit(h)
  UNION
  SELECT
    'supplier_invoice' AS document_type,
    i.invoice_id AS document_id
  FROM accounts a
  INNER JOIN ap_invoices_all i ON a.party_id = i.party_id
  WHERE o.purchasing = 'Y' AND @unit(i)
  UNION
  SELECT
    'supplier_invoice' AS document_type,
    i.invoice_id AS document_id
  FROM accounts a
  INNER JOIN po_vendors v ON a.party_id = v.party_id
  INNER JOIN ap_invoices_all i ON v.vendor_id = i.vendor_id
  WHERE o.purchasing = 'Y' AND i.party_id IS NULL AND @unit(i)
  UNION
  SELECT
    'sales_order' AS document_type,
    h.header_id AS document_id
  FROM accounts a
  INNER JOIN oe_order_headers_all h ON a.cust_account_id = h.sold_to_org_id
  WHERE o.sales = 'Y' AND @unit(h)
  UNION
  SELECT
    'receivable' AS document_type,
    t.customer_trx_id AS document_id
  FROM accounts a
  INNER JOIN ra_customer_trx_all t ON a.cust_account_id = t.bill_to_customer_id
  WHERE o.sales = 'Y' AND @unit(t)
  UNION
  SELECT
    'site_use' AS document_type,
    u.site_use_id AS document_id
  FROM accounts a
  INNER JOIN hz_cust_acct_sites_all s ON a.cust_account_id = s.cust_account_id
  INNER JOIN hz_cust_site_uses_all u ON s.cust_acct_site_id = u.cust_acct_site_id
  WHERE @unit(u)
)
