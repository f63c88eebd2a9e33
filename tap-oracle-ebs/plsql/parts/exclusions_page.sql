picked AS (
  SELECT
    REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1) AS document_type,
    TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS document_id
  FROM TABLE(l_page) k
),

-- What is closed or cancelled is judged no more: its report ends.
purchase_orders AS (
  SELECT h.po_header_id AS document_id
  FROM picked p
  INNER JOIN po_headers_all h ON p.document_id = h.po_header_id
  WHERE
    p.document_type = 'purchase_order'
    AND INSTR(o.po_types, ',' || h.type_lookup_code || ',') > 0
    AND INSTR(o.po_statuses, ',' || h.authorization_status || ',') > 0
    AND COALESCE(h.cancel_flag, 'N') <> 'Y'
    AND COALESCE(h.closed_code, 'OPEN') NOT IN ('CLOSED', 'FINALLY CLOSED')
),

invoices AS (
  SELECT i.invoice_id AS document_id
  FROM picked p
  INNER JOIN ap_invoices_all i ON p.document_id = i.invoice_id
  WHERE p.document_type = 'supplier_invoice' AND i.cancelled_date IS NULL
),

sales_orders AS (
  SELECT
    h.header_id AS document_id,
    h.invoice_to_org_id
  FROM picked p
  INNER JOIN oe_order_headers_all h ON p.document_id = h.header_id
  WHERE
    p.document_type = 'sales_order'
    AND h.open_flag = 'Y'
    AND COALESCE(h.cancelled_flag, 'N') <> 'Y'
),

transactions AS (
  SELECT p.document_id
  FROM picked p
  WHERE p.document_type = 'receivable'
),

site_uses AS (
  SELECT p.document_id
  FROM picked p
  WHERE p.document_type = 'site_use'
),

charges AS (
  @include charges
  @include use_charges
),

@include judged,

headers AS (
  SELECT
    p.document_type,
    p.document_id,
    h.segment1 AS document_number,
    h.org_id,
    h.last_update_date,
    a.cust_account_id
  FROM picked p
  INNER JOIN po_headers_all h ON p.document_id = h.po_header_id
  INNER JOIN po_vendors v ON h.vendor_id = v.vendor_id
  INNER JOIN hz_cust_accounts a ON v.party_id = a.party_id
  WHERE p.document_type = 'purchase_order'
  UNION ALL
  SELECT
    p.document_type,
    p.document_id,
    i.invoice_num AS document_number,
    i.org_id,
    i.last_update_date,
    a.cust_account_id
  FROM picked p
  INNER JOIN ap_invoices_all i ON p.document_id = i.invoice_id
  LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
  INNER JOIN hz_cust_accounts a ON a.party_id = COALESCE(i.party_id, v.party_id)
  WHERE p.document_type = 'supplier_invoice'
  UNION ALL
  SELECT
    p.document_type,
    p.document_id,
    TO_CHAR(h.order_number) AS document_number,
    h.org_id,
    h.last_update_date,
    h.sold_to_org_id AS cust_account_id
  FROM picked p
  INNER JOIN oe_order_headers_all h ON p.document_id = h.header_id
  WHERE p.document_type = 'sales_order'
  UNION ALL
  SELECT
    p.document_type,
    p.document_id,
    t.trx_number AS document_number,
    t.org_id,
    t.last_update_date,
    t.bill_to_customer_id AS cust_account_id
  FROM picked p
  INNER JOIN ra_customer_trx_all t ON p.document_id = t.customer_trx_id
  WHERE p.document_type = 'receivable'
  UNION ALL
  SELECT
    p.document_type,
    p.document_id,
    u.site_use_code AS document_number,
    u.org_id,
    u.last_update_date,
    s.cust_account_id
  FROM picked p
  INNER JOIN hz_cust_site_uses_all u ON p.document_id = u.site_use_id
  INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
  WHERE p.document_type = 'site_use'
),

-- Of several accounts of one party the lowest stands for all.
owned AS (
  SELECT
    h.document_type,
    h.document_id,
    h.document_number,
    h.org_id,
    h.last_update_date,
    h.cust_account_id,
    ROW_NUMBER() OVER (PARTITION BY h.document_type, h.document_id ORDER BY h.cust_account_id) AS place
  FROM headers h
)
