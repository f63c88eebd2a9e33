page AS (
  SELECT
    a.cust_account_id,
    a.account_number,
    a.status,
    a.party_id,
    a.last_update_date
  FROM hz_cust_accounts a
  WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
),

suppliers AS (
  SELECT
    v.vendor_id,
    v.party_id,
    v.segment1,
    v.vendor_name,
    ROW_NUMBER() OVER (
      PARTITION BY v.party_id
      ORDER BY
        CASE WHEN v.end_date_active <= o.as_of THEN 1 ELSE 0 END,
        v.vendor_id
    ) AS place
  FROM po_vendors v
  WHERE o.purchasing = 'Y' AND v.party_id IN (SELECT g.party_id FROM page g)
),

purchase_orders AS (
  SELECT
    h.po_header_id AS document_id,
    v.party_id,
    h.segment1,
    h.authorization_status,
    h.creation_date,
    h.currency_code,
    h.org_id,
    h.last_update_date
  FROM suppliers v
  INNER JOIN po_headers_all h ON v.vendor_id = h.vendor_id
  WHERE
    INSTR(o.po_types, ',' || h.type_lookup_code || ',') > 0
    AND INSTR(o.po_statuses, ',' || h.authorization_status || ',') > 0
    AND COALESCE(h.cancel_flag, 'N') <> 'Y'
    AND COALESCE(h.closed_code, 'OPEN') NOT IN ('CLOSED', 'FINALLY CLOSED')
    AND @unit(h)
),

purchase_amounts AS (
  SELECT
    s.po_header_id AS document_id,
    SUM(
      (COALESCE(s.quantity, 0) - COALESCE(s.quantity_cancelled, 0))
      * COALESCE(s.price_override, l.unit_price, 0)
    ) AS amount,
    MIN(COALESCE(s.promised_date, s.need_by_date)) AS ship_date
  FROM po_line_locations_all s
  INNER JOIN po_lines_all l ON s.po_line_id = l.po_line_id
  WHERE
    s.po_header_id IN (SELECT h.document_id FROM purchase_orders h)
    AND COALESCE(l.cancel_flag, 'N') <> 'Y'
  GROUP BY s.po_header_id
),

-- An invoice belongs to its own party; only where it names none, to that of its supplier.
invoices AS (
  SELECT
    i.invoice_id AS document_id,
    i.party_id,
    i.invoice_num,
    i.payment_status_flag,
    i.invoice_date,
    i.invoice_amount,
    i.invoice_currency_code,
    i.org_id,
    i.last_update_date
  FROM ap_invoices_all i
  WHERE
    o.purchasing = 'Y'
    AND i.party_id IN (SELECT g.party_id FROM page g)
    AND i.cancelled_date IS NULL
    AND @unit(i)
  UNION ALL
  SELECT
    i.invoice_id AS document_id,
    v.party_id,
    i.invoice_num,
    i.payment_status_flag,
    i.invoice_date,
    i.invoice_amount,
    i.invoice_currency_code,
    i.org_id,
    i.last_update_date
  FROM suppliers v
  INNER JOIN ap_invoices_all i ON v.vendor_id = i.vendor_id
  WHERE i.party_id IS NULL AND i.cancelled_date IS NULL AND @unit(i)
),

invoice_balances AS (
  SELECT
    s.invoice_id AS document_id,
    SUM(COALESCE(s.amount_remaining, 0)) AS balance,
    COALESCE(MIN(CASE WHEN s.amount_remaining <> 0 THEN s.due_date END), MAX(s.due_date)) AS due_date
  FROM ap_payment_schedules_all s
  WHERE s.invoice_id IN (SELECT i.document_id FROM invoices i)
  GROUP BY s.invoice_id
),

sales_orders AS (
  SELECT
    h.header_id AS document_id,
    h.sold_to_org_id AS cust_account_id,
    h.invoice_to_org_id,
    h.order_number,
    h.flow_status_code,
    h.ordered_date,
    h.transactional_curr_code,
    h.org_id,
    h.last_update_date
  FROM oe_order_headers_all h
  WHERE
    o.sales = 'Y'
    AND h.sold_to_org_id IN (SELECT g.cust_account_id FROM page g)
    AND h.open_flag = 'Y'
    AND COALESCE(h.cancelled_flag, 'N') <> 'Y'
    AND @unit(h)
),

sales_amounts AS (
  SELECT
    l.header_id AS document_id,
    SUM(COALESCE(l.ordered_quantity, 0) * COALESCE(l.unit_selling_price, 0)) AS amount,
    MIN(COALESCE(l.actual_shipment_date, l.schedule_ship_date)) AS ship_date
  FROM oe_order_lines_all l
  WHERE
    l.header_id IN (SELECT h.document_id FROM sales_orders h)
    AND COALESCE(l.cancelled_flag, 'N') <> 'Y'
  GROUP BY l.header_id
),

transactions AS (
  SELECT
    t.customer_trx_id AS document_id,
    t.bill_to_customer_id AS cust_account_id,
    t.trx_number,
    t.trx_date,
    t.invoice_currency_code,
    t.org_id,
    t.last_update_date
  FROM ra_customer_trx_all t
  WHERE
    o.sales = 'Y'
    AND t.bill_to_customer_id IN (SELECT g.cust_account_id FROM page g)
    AND @unit(t)
),

transaction_balances AS (
  SELECT
    s.customer_trx_id AS document_id,
    SUM(COALESCE(s.amount_due_original, 0)) AS amount,
    SUM(COALESCE(s.amount_due_remaining, 0)) AS balance,
    COALESCE(MIN(CASE WHEN s.amount_due_remaining <> 0 THEN s.due_date END), MAX(s.due_date)) AS due_date
  FROM ar_payment_schedules_all s
  WHERE
    s.customer_trx_id IN (SELECT t.document_id FROM transactions t)
    AND s.payment_schedule_id > 0
    AND s.class IN ('INV', 'DM', 'CM', 'CB')
  GROUP BY s.customer_trx_id
),

-- The accounts of the documents, each judged on its day; a line without an account is not judged.
charges AS (
  @include charges
),

@include judged,

all_documents AS (
  SELECT
    a.cust_account_id,
    'purchase_order' AS document_type,
    'purchasing' AS route,
    'O' AS kind,
    h.document_id,
    h.segment1 AS document_number,
    h.authorization_status AS status,
    h.creation_date AS document_date,
    m.ship_date AS second_date,
    COALESCE(m.amount, 0) AS amount,
    0 AS balance,
    h.currency_code,
    h.org_id,
    h.last_update_date
  FROM page a
  INNER JOIN purchase_orders h ON a.party_id = h.party_id
  LEFT JOIN purchase_amounts m ON h.document_id = m.document_id
  UNION ALL
  SELECT
    a.cust_account_id,
    'supplier_invoice' AS document_type,
    'purchasing' AS route,
    'I' AS kind,
    i.document_id,
    i.invoice_num AS document_number,
    CASE i.payment_status_flag WHEN 'N' THEN 'unpaid' WHEN 'P' THEN 'partial' WHEN 'Y' THEN 'paid' END
    AS status,
    i.invoice_date AS document_date,
    b.due_date AS second_date,
    COALESCE(i.invoice_amount, 0) AS amount,
    COALESCE(b.balance, 0) AS balance,
    i.invoice_currency_code AS currency_code,
    i.org_id,
    i.last_update_date
  FROM page a
  INNER JOIN invoices i ON a.party_id = i.party_id
  LEFT JOIN invoice_balances b ON i.document_id = b.document_id
  UNION ALL
  SELECT
    h.cust_account_id,
    'sales_order' AS document_type,
    'order_management' AS route,
    'O' AS kind,
    h.document_id,
    TO_CHAR(h.order_number) AS document_number,
    h.flow_status_code AS status,
    h.ordered_date AS document_date,
    m.ship_date AS second_date,
    COALESCE(m.amount, 0) AS amount,
    0 AS balance,
    h.transactional_curr_code AS currency_code,
    h.org_id,
    h.last_update_date
  FROM sales_orders h
  LEFT JOIN sales_amounts m ON h.document_id = m.document_id
  UNION ALL
  SELECT
    t.cust_account_id,
    'receivable' AS document_type,
    'order_management' AS route,
    'I' AS kind,
    t.document_id,
    t.trx_number AS document_number,
    CASE WHEN b.balance = 0 THEN 'paid' WHEN b.balance = b.amount THEN 'unpaid' ELSE 'partial' END
    AS status,
    t.trx_date AS document_date,
    b.due_date AS second_date,
    b.amount,
    b.balance,
    t.invoice_currency_code AS currency_code,
    t.org_id,
    t.last_update_date
  FROM transactions t
  INNER JOIN transaction_balances b ON t.document_id = b.document_id
),

documents AS (
  SELECT
    d.cust_account_id,
    d.route,
    d.kind,
    d.document_id,
    d.document_number,
    d.status,
    d.document_date,
    d.second_date,
    d.amount,
    d.balance,
    d.currency_code,
    d.org_id,
    d.last_update_date,
    CASE WHEN f.place = 1 THEN 'Y' ELSE 'N' END AS is_excluded,
    CASE WHEN d.kind = 'I' AND d.document_date > o.as_of - o.recent_days THEN 'Y' ELSE 'N' END AS is_recent,
    CASE WHEN d.kind = 'I' AND d.balance > 0 AND d.second_date < o.as_of THEN 'Y' ELSE 'N' END AS is_overdue,
    CASE
      WHEN d.kind = 'I' AND d.document_date > ADD_MONTHS(o.as_of, -12) THEN 'Y' ELSE 'N'
    END AS is_of_year
  FROM all_documents d
  LEFT JOIN faults f ON d.document_type = f.document_type AND d.document_id = f.document_id AND f.place = 1
),

-- The rate into the one currency: the newest of the document's day or before. Without a currency that was
-- asked for, documents of a single currency need none.
rated AS (
  SELECT
    d.cust_account_id,
    d.route,
    d.kind,
    d.document_id,
    d.document_date,
    d.amount,
    d.balance,
    d.currency_code,
    d.is_recent,
    d.is_overdue,
    d.is_of_year,
    CASE
      WHEN o.currency IS NULL OR d.currency_code = o.currency THEN NULL
      ELSE (
        SELECT MAX(r.conversion_rate) KEEP (DENSE_RANK LAST ORDER BY r.conversion_date)
        FROM gl_daily_rates r
        WHERE
          r.from_currency = d.currency_code
          AND r.to_currency = o.currency
          AND r.conversion_type = o.rate_type
          AND r.conversion_date <= d.document_date
      )
    END AS rate,
    CASE WHEN o.currency IS NULL OR d.currency_code = o.currency THEN 'Y' ELSE 'N' END AS is_own_currency
  FROM documents d
  WHERE d.is_excluded = 'N'
),

converted AS (
  SELECT
    d.cust_account_id,
    d.route,
    d.kind,
    d.document_id,
    d.document_date,
    d.currency_code,
    d.is_recent,
    d.is_overdue,
    d.is_of_year,
    d.amount,
    d.balance,
    CASE
      WHEN d.is_own_currency = 'Y' OR d.amount = 0 THEN d.amount
      ELSE ROUND(d.amount * d.rate, 2)
    END AS one_amount,
    CASE
      WHEN d.is_own_currency = 'Y' OR d.balance = 0 THEN d.balance
      ELSE ROUND(d.balance * d.rate, 2)
    END AS one_balance
  FROM rated d
),

-- A sum is null where one of the amounts in it has no rate: COUNT of the amounts then differs.
sums AS (
  SELECT
    c.cust_account_id,
    COUNT(CASE WHEN c.kind = 'O' THEN 1 END) AS order_count,
    COUNT(CASE WHEN c.is_recent = 'Y' THEN 1 END) AS recent_count,
    COUNT(CASE WHEN c.is_overdue = 'Y' THEN 1 END) AS overdue_count,
    COUNT(CASE WHEN c.is_of_year = 'Y' THEN 1 END) AS year_count,
    COUNT(CASE WHEN c.kind = 'I' THEN 1 END) AS invoice_count,
    COUNT(CASE WHEN c.kind = 'O' THEN c.one_amount END) AS order_known,
    COUNT(CASE WHEN c.is_overdue = 'Y' THEN c.one_balance END) AS overdue_known,
    COUNT(CASE WHEN c.is_of_year = 'Y' THEN c.one_amount END) AS year_known,
    COUNT(CASE WHEN c.kind = 'I' THEN c.one_amount END) AS invoice_known,
    COUNT(CASE WHEN c.kind = 'I' THEN c.one_balance END) AS balance_known,
    SUM(CASE WHEN c.kind = 'O' THEN c.one_amount END) AS order_amount,
    SUM(CASE WHEN c.is_overdue = 'Y' THEN c.one_balance END) AS overdue_amount,
    SUM(CASE WHEN c.kind = 'I' THEN c.one_balance END) AS balance,
    SUM(CASE WHEN c.is_of_year = 'Y' THEN c.one_amount END) AS year_amount,
    SUM(CASE WHEN c.kind = 'I' THEN c.one_amount END) AS invoice_amount,
    CASE
      WHEN o.currency IS NOT NULL THEN 'Y'
      WHEN COUNT(DISTINCT c.currency_code) + MAX(CASE WHEN c.currency_code IS NULL THEN 1 ELSE 0 END) > 1
        THEN 'N'
      ELSE 'Y'
    END AS has_one_currency,
    MAX(c.currency_code) AS currency_code
  FROM converted c
  GROUP BY c.cust_account_id
),

newest AS (
  SELECT
    d.cust_account_id,
    COUNT(CASE WHEN d.is_excluded = 'Y' THEN 1 END) AS excluded_count,
    MAX(d.last_update_date) AS changed
  FROM documents d
  GROUP BY d.cust_account_id
),

supplier_sites AS (
  SELECT
    v.party_id,
    s.vendor_site_code,
    ROW_NUMBER() OVER (
      PARTITION BY v.party_id
      ORDER BY
        CASE
          WHEN s.purchasing_site_flag <> 'Y' OR s.purchasing_site_flag IS NULL THEN 1
          WHEN s.inactive_date <= o.as_of THEN 1
          ELSE 0
        END,
        @preference(s),
        s.vendor_site_id
    ) AS place
  FROM suppliers v
  INNER JOIN po_vendor_sites_all s ON v.vendor_id = s.vendor_id
  WHERE v.place = 1 AND @unit(s)
),

ranked AS (
  SELECT
    d.cust_account_id,
    d.route,
    d.kind,
    d.document_id,
    d.document_number,
    d.status,
    d.document_date,
    d.second_date,
    d.amount,
    d.balance,
    d.currency_code,
    d.org_id,
    d.is_recent,
    d.is_overdue,
    ROW_NUMBER() OVER (
      PARTITION BY d.cust_account_id, d.kind
      ORDER BY d.document_date DESC NULLS LAST, d.route ASC, d.document_id DESC
    ) AS place,
    ROW_NUMBER() OVER (
      PARTITION BY d.cust_account_id, d.kind, d.is_recent
      ORDER BY d.document_date DESC NULLS LAST, d.route ASC, d.document_id DESC
    ) AS recent_place,
    ROW_NUMBER() OVER (
      PARTITION BY d.cust_account_id, d.kind, d.is_overdue
      ORDER BY d.document_date DESC NULLS LAST, d.route ASC, d.document_id DESC
    ) AS overdue_place
  FROM documents d
  WHERE d.is_excluded = 'N'
)
