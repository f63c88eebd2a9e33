-- Accounts behind which a row changed, or whose documents passed an edge of a time window.
@include changed_accounts,

changed_uses AS (
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE o.validate_gl = 'Y' AND o.sales = 'Y' AND @changed(u)
  UNION
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE o.sales = 'Y' AND u.gl_id_rec IN (SELECT c.code_combination_id FROM changed_accounts c)
  UNION
  SELECT u.site_use_id
  FROM hz_cust_site_uses_all u
  WHERE o.sales = 'Y' AND u.gl_id_rev IN (SELECT c.code_combination_id FROM changed_accounts c)
),

-- Rates, and from which day on they hold.
changed_rates AS (
  SELECT
    r.from_currency,
    MIN(r.conversion_date) AS first_day
  FROM gl_daily_rates r
  WHERE
    r.to_currency = o.currency
    AND r.conversion_type = o.rate_type
    AND @changed(r)
  GROUP BY r.from_currency
),

changed_orders AS (
  SELECT h.po_header_id
  FROM po_headers_all h
  WHERE o.purchasing = 'Y' AND @changed(h)
  UNION
  SELECT l.po_header_id
  FROM po_lines_all l
  WHERE o.purchasing = 'Y' AND @changed(l)
  UNION
  SELECT s.po_header_id
  FROM po_line_locations_all s
  WHERE o.purchasing = 'Y' AND @changed(s)
  UNION
  SELECT d.po_header_id
  FROM po_distributions_all d
  WHERE o.purchasing = 'Y' AND o.validate_gl = 'Y' AND @changed(d)
  UNION
  SELECT d.po_header_id
  FROM po_distributions_all d
  WHERE
    o.purchasing = 'Y'
    AND d.code_combination_id IN (SELECT c.code_combination_id FROM changed_accounts c)
  UNION
  SELECT h.po_header_id
  FROM changed_rates r
  INNER JOIN po_headers_all h ON r.from_currency = h.currency_code AND r.first_day <= h.creation_date
  WHERE o.purchasing = 'Y'
),

changed_invoices AS (
  SELECT i.invoice_id
  FROM ap_invoices_all i
  WHERE
    o.purchasing = 'Y'
    AND (
      @changed(i)
      OR (i.invoice_date > o.crossed_from - o.recent_days AND i.invoice_date <= o.crossed_to - o.recent_days)
      OR (
        i.invoice_date > ADD_MONTHS(o.crossed_from, -12)
        AND i.invoice_date <= ADD_MONTHS(o.crossed_to, -12)
      )
    )
  UNION
  SELECT s.invoice_id
  FROM ap_payment_schedules_all s
  WHERE
    o.purchasing = 'Y'
    AND (
      @changed(s)
      OR (s.amount_remaining <> 0 AND s.due_date >= o.crossed_from AND s.due_date < o.crossed_to)
    )
  UNION
  SELECT d.invoice_id
  FROM ap_invoice_distributions_all d
  WHERE o.purchasing = 'Y' AND o.validate_gl = 'Y' AND @changed(d)
  UNION
  SELECT d.invoice_id
  FROM ap_invoice_distributions_all d
  WHERE
    o.purchasing = 'Y'
    AND d.dist_code_combination_id IN (SELECT c.code_combination_id FROM changed_accounts c)
  UNION
  SELECT i.invoice_id
  FROM changed_rates r
  INNER JOIN ap_invoices_all i ON r.from_currency = i.invoice_currency_code AND r.first_day <= i.invoice_date
  WHERE o.purchasing = 'Y'
),

changed_sales AS (
  SELECT h.header_id
  FROM oe_order_headers_all h
  WHERE o.sales = 'Y' AND @changed(h)
  UNION
  SELECT l.header_id
  FROM oe_order_lines_all l
  WHERE o.sales = 'Y' AND @changed(l)
  UNION
  SELECT h.header_id
  FROM oe_order_headers_all h
  WHERE h.invoice_to_org_id IN (SELECT u.site_use_id FROM changed_uses u)
  UNION
  SELECT h.header_id
  FROM changed_rates r
  INNER JOIN oe_order_headers_all h
    ON r.from_currency = h.transactional_curr_code AND r.first_day <= h.ordered_date
  WHERE o.sales = 'Y'
),

changed_transactions AS (
  SELECT t.customer_trx_id
  FROM ra_customer_trx_all t
  WHERE
    o.sales = 'Y'
    AND (
      @changed(t)
      OR (t.trx_date > o.crossed_from - o.recent_days AND t.trx_date <= o.crossed_to - o.recent_days)
      OR (
        t.trx_date > ADD_MONTHS(o.crossed_from, -12)
        AND t.trx_date <= ADD_MONTHS(o.crossed_to, -12)
      )
    )
  UNION
  SELECT s.customer_trx_id
  FROM ar_payment_schedules_all s
  WHERE
    o.sales = 'Y'
    AND s.class IN ('INV', 'DM', 'CM', 'CB')
    AND (
      @changed(s)
      OR (s.amount_due_remaining <> 0 AND s.due_date >= o.crossed_from AND s.due_date < o.crossed_to)
    )
  UNION
  SELECT s.customer_trx_id
  FROM ar_payment_schedules_all s
  WHERE
    s.class IN ('INV', 'DM', 'CM', 'CB')
    AND s.customer_site_use_id IN (SELECT u.site_use_id FROM changed_uses u)
  UNION
  SELECT t.customer_trx_id
  FROM changed_rates r
  INNER JOIN ra_customer_trx_all t ON r.from_currency = t.invoice_currency_code AND r.first_day <= t.trx_date
  WHERE o.sales = 'Y'
),

changed_parties AS (
  SELECT v.party_id
  FROM po_vendors v
  WHERE o.purchasing = 'Y' AND (@changed(v) OR (@crossed(v.end_date_active)))
  UNION
  SELECT v.party_id
  FROM po_vendor_sites_all s
  INNER JOIN po_vendors v ON s.vendor_id = v.vendor_id
  WHERE o.purchasing = 'Y' AND (@changed(s) OR (@crossed(s.inactive_date))) AND @unit(s)
  UNION
  SELECT v.party_id
  FROM po_headers_all h
  INNER JOIN po_vendors v ON h.vendor_id = v.vendor_id
  WHERE h.po_header_id IN (SELECT c.po_header_id FROM changed_orders c) AND @unit(h)
  UNION
  SELECT COALESCE(i.party_id, v.party_id) AS party_id
  FROM ap_invoices_all i
  LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
  WHERE i.invoice_id IN (SELECT c.invoice_id FROM changed_invoices c) AND @unit(i)
),

touched AS (
  SELECT a.cust_account_id AS id
  FROM hz_cust_accounts a
  WHERE @changed(a)
  UNION
  SELECT a.cust_account_id
  FROM changed_parties c
  INNER JOIN hz_cust_accounts a ON c.party_id = a.party_id
  UNION
  SELECT h.sold_to_org_id
  FROM oe_order_headers_all h
  WHERE h.header_id IN (SELECT c.header_id FROM changed_sales c) AND @unit(h)
  UNION
  SELECT t.bill_to_customer_id
  FROM ra_customer_trx_all t
  WHERE t.customer_trx_id IN (SELECT c.customer_trx_id FROM changed_transactions c) AND @unit(t)
),

candidates AS (
  SELECT a.cust_account_id AS id
  FROM hz_cust_accounts a
  WHERE a.cust_account_id IN (SELECT t.id FROM touched t)
)
