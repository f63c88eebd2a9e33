-- The first load: every document of a customer that fails now.
purchase_orders AS (
  SELECT h.po_header_id AS document_id
  FROM po_headers_all h
  WHERE
    o.purchasing = 'Y'
    AND INSTR(o.po_types, ',' || h.type_lookup_code || ',') > 0
    AND INSTR(o.po_statuses, ',' || h.authorization_status || ',') > 0
    AND COALESCE(h.cancel_flag, 'N') <> 'Y'
    AND COALESCE(h.closed_code, 'OPEN') NOT IN ('CLOSED', 'FINALLY CLOSED')
    AND @unit(h)
    AND EXISTS (
      SELECT 1
      FROM po_vendors v
      INNER JOIN hz_cust_accounts a ON v.party_id = a.party_id
      WHERE v.vendor_id = h.vendor_id
    )
),

invoices AS (
  SELECT i.invoice_id AS document_id
  FROM ap_invoices_all i
  LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
  WHERE
    o.purchasing = 'Y'
    AND i.cancelled_date IS NULL
    AND @unit(i)
    AND COALESCE(i.party_id, v.party_id) IN (SELECT a.party_id FROM hz_cust_accounts a)
),

sales_orders AS (
  SELECT
    h.header_id AS document_id,
    h.invoice_to_org_id
  FROM oe_order_headers_all h
  WHERE
    o.sales = 'Y'
    AND h.open_flag = 'Y'
    AND COALESCE(h.cancelled_flag, 'N') <> 'Y'
    AND @unit(h)
    AND h.sold_to_org_id IN (SELECT a.cust_account_id FROM hz_cust_accounts a)
),

transactions AS (
  SELECT t.customer_trx_id AS document_id
  FROM ra_customer_trx_all t
  WHERE
    o.sales = 'Y'
    AND @unit(t)
    AND t.bill_to_customer_id IN (SELECT a.cust_account_id FROM hz_cust_accounts a)
),

site_uses AS (
  SELECT u.site_use_id AS document_id
  FROM hz_cust_site_uses_all u
  INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
  INNER JOIN hz_cust_accounts a ON s.cust_account_id = a.cust_account_id
  WHERE @unit(u)
),

charges AS (
  @include charges
  @include use_charges
),

@include judged,

candidates AS (
  SELECT
    f.document_type,
    f.document_id
  FROM faults f
  WHERE f.place = 1
)
