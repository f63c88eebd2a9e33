  PROCEDURE page_of_changed_summaries(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    @include summary_candidates

    @include page_of_numbers
  END page_of_changed_summaries;

  PROCEDURE read_summaries(
    o IN options_r,
    q IN request_r,
    l_page IN sys.odcivarchar2list,
    l_lines OUT NOCOPY line_t
  )
  IS
  BEGIN
    -- One statement, so that counts, sums and lists are of one moment.
    WITH
    @include summary_documents,

    -- S is the row of a customer, A one of its amounts, O an order, I an invoice.
    lines AS (
      SELECT
        'S' AS kind,
        a.cust_account_id,
        0 AS place,
        a.account_number AS text_01,
        a.status AS text_02,
        TO_CHAR(COALESCE(s.order_count, 0)) AS text_03,
        CASE
          WHEN s.has_one_currency = 'N' OR s.order_known < s.order_count THEN NULL
          ELSE @number(COALESCE(s.order_amount, 0))
        END AS text_04,
        TO_CHAR(COALESCE(s.recent_count, 0)) AS text_05,
        TO_CHAR(COALESCE(s.overdue_count, 0)) AS text_06,
        CASE
          WHEN s.has_one_currency = 'N' OR s.overdue_known < s.overdue_count THEN NULL
          ELSE @number(COALESCE(s.overdue_amount, 0))
        END AS text_07,
        CASE
          WHEN s.has_one_currency = 'N' OR s.balance_known < s.invoice_count THEN NULL
          ELSE @number(COALESCE(s.balance, 0))
        END AS text_08,
        CASE
          WHEN s.has_one_currency = 'N' OR s.year_known < s.year_count THEN NULL
          ELSE @number(COALESCE(s.year_amount, 0))
        END AS text_09,
        CASE
          WHEN s.has_one_currency = 'N' OR s.invoice_known < s.invoice_count THEN NULL
          ELSE @number(COALESCE(s.invoice_amount, 0))
        END AS text_10,
        CASE
          WHEN o.currency IS NOT NULL THEN o.currency
          WHEN s.has_one_currency = 'Y' THEN s.currency_code
        END AS text_11,
        v.segment1 AS text_12,
        v.vendor_name AS text_13,
        e.vendor_site_code AS text_14,
        TO_CHAR(COALESCE(n.excluded_count, 0)) AS text_15,
        TO_CHAR(GREATEST(a.last_update_date, COALESCE(n.changed, a.last_update_date)), c_mask) AS text_16
      FROM page a
      LEFT JOIN sums s ON a.cust_account_id = s.cust_account_id
      LEFT JOIN newest n ON a.cust_account_id = n.cust_account_id
      LEFT JOIN suppliers v ON a.party_id = v.party_id AND v.place = 1
      LEFT JOIN supplier_sites e ON a.party_id = e.party_id AND e.place = 1
      UNION ALL
      SELECT
        'A' AS kind,
        c.cust_account_id,
        ROW_NUMBER() OVER (
          PARTITION BY c.cust_account_id
          ORDER BY NLSSORT(c.currency_code, 'NLS_SORT=BINARY') NULLS LAST
        ) AS place,
        c.currency_code AS text_01,
        @number(SUM(CASE WHEN c.kind = 'O' THEN c.amount ELSE 0 END)) AS text_02,
        @number(SUM(CASE WHEN c.is_overdue = 'Y' THEN c.balance ELSE 0 END)) AS text_03,
        @number(SUM(CASE WHEN c.kind = 'I' THEN c.balance ELSE 0 END)) AS text_04,
        @number(SUM(CASE WHEN c.is_of_year = 'Y' THEN c.amount ELSE 0 END)) AS text_05,
        @number(SUM(CASE WHEN c.kind = 'I' THEN c.amount ELSE 0 END)) AS text_06,
        NULL AS text_07,
        NULL AS text_08,
        NULL AS text_09,
        NULL AS text_10,
        NULL AS text_11,
        NULL AS text_12,
        NULL AS text_13,
        NULL AS text_14,
        NULL AS text_15,
        NULL AS text_16
      FROM converted c
      GROUP BY c.cust_account_id, c.currency_code
      UNION ALL
      SELECT
        d.kind,
        d.cust_account_id,
        d.place,
        d.route AS text_01,
        TO_CHAR(d.document_id) AS text_02,
        d.document_number AS text_03,
        d.status AS text_04,
        @date(d.document_date) AS text_05,
        @date(d.second_date) AS text_06,
        @number(d.amount) AS text_07,
        @number(d.balance) AS text_08,
        d.currency_code AS text_09,
        d.is_overdue AS text_10,
        TO_CHAR(d.org_id) AS text_11,
        NULL AS text_12,
        NULL AS text_13,
        NULL AS text_14,
        NULL AS text_15,
        NULL AS text_16
      FROM ranked d
      WHERE
        (d.kind = 'O' AND d.place <= o.document_limit)
        OR (d.is_recent = 'Y' AND d.recent_place <= o.document_limit)
        OR (d.is_overdue = 'Y' AND d.overdue_place <= o.document_limit)
    )

    SELECT
      l.kind,
      l.cust_account_id,
      l.text_01,
      l.text_02,
      l.text_03,
      l.text_04,
      l.text_05,
      l.text_06,
      l.text_07,
      l.text_08,
      l.text_09,
      l.text_10,
      l.text_11,
      l.text_12,
      l.text_13,
      l.text_14,
      l.text_15,
      l.text_16
    BULK COLLECT INTO l_lines
    FROM lines l
    ORDER BY l.cust_account_id, l.kind, l.place;
  END read_summaries;

  PROCEDURE customer_summaries(
    @parameters
  )
  IS
    q request_r;
    o options_r;
    l_page sys.odcivarchar2list;
    l_line line_r;
    l_lines line_t;
    l_place PLS_INTEGER;

    PROCEDURE forget
    IS
    BEGIN
      x_rows.DELETE();
      x_amounts.DELETE();
      x_orders.DELETE();
      x_invoices.DELETE();
    END forget;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      @include call
    );
    o := options_of(
      p_crossed_from,
      p_crossed_to,
      p_as_of,
      p_orders_from,
      p_validate_gl,
      p_po_types,
      p_po_statuses
    );
    o.recent_days := count_of('P_RECENT_DAYS', p_recent_days, 90, 0, 36500);
    o.document_limit := count_of('P_DOCUMENT_LIMIT', p_document_limit, 100, 0, 10000);
    o.currency := code_of('P_CURRENCY', p_currency, NULL);
    o.rate_type := code_of('P_RATE_TYPE', p_rate_type, 'Corporate');

    IF q.keys IS NOT NULL THEN
      page_of_given_accounts(q, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_all_accounts(q, l_page);
    ELSE
      page_of_changed_summaries(q, o, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR n IN 1 .. l_page.COUNT LOOP
        x_rows(n).cust_account_id := l_page(n);
      END LOOP;
    ELSE
      read_summaries(o, q, l_page, l_lines);
      FOR n IN 1 .. l_lines.COUNT LOOP
        l_line := l_lines(n);
        IF l_line.kind = 'S' THEN
          l_place := x_rows.COUNT + 1;
          x_rows(l_place).cust_account_id := TO_CHAR(l_line.cust_account_id);
          x_rows(l_place).account_number := l_line.text_01;
          x_rows(l_place).status := l_line.text_02;
          x_rows(l_place).open_order_count := l_line.text_03;
          x_rows(l_place).open_order_amount := l_line.text_04;
          x_rows(l_place).recent_invoice_count := l_line.text_05;
          x_rows(l_place).overdue_invoice_count := l_line.text_06;
          x_rows(l_place).overdue_amount := l_line.text_07;
          x_rows(l_place).balance := l_line.text_08;
          x_rows(l_place).spend_last_12_months := l_line.text_09;
          x_rows(l_place).spend_total := l_line.text_10;
          x_rows(l_place).summary_currency := l_line.text_11;
          x_rows(l_place).supplier_number := l_line.text_12;
          x_rows(l_place).supplier_name := l_line.text_13;
          x_rows(l_place).supplier_site := l_line.text_14;
          x_rows(l_place).excluded_count := l_line.text_15;
          x_rows(l_place).last_update_date := l_line.text_16;
        ELSIF l_line.kind = 'A' THEN
          l_place := x_amounts.COUNT + 1;
          x_amounts(l_place).cust_account_id := TO_CHAR(l_line.cust_account_id);
          x_amounts(l_place).currency_code := l_line.text_01;
          x_amounts(l_place).open_order_amount := l_line.text_02;
          x_amounts(l_place).overdue_amount := l_line.text_03;
          x_amounts(l_place).balance := l_line.text_04;
          x_amounts(l_place).spend_last_12_months := l_line.text_05;
          x_amounts(l_place).spend_total := l_line.text_06;
        ELSIF l_line.kind = 'O' THEN
          l_place := x_orders.COUNT + 1;
          x_orders(l_place).cust_account_id := TO_CHAR(l_line.cust_account_id);
          x_orders(l_place).route := l_line.text_01;
          x_orders(l_place).document_id := l_line.text_02;
          x_orders(l_place).order_number := l_line.text_03;
          x_orders(l_place).status := l_line.text_04;
          x_orders(l_place).order_date := l_line.text_05;
          x_orders(l_place).ship_date := l_line.text_06;
          x_orders(l_place).amount := l_line.text_07;
          x_orders(l_place).currency_code := l_line.text_09;
          x_orders(l_place).org_id := l_line.text_11;
        ELSE
          l_place := x_invoices.COUNT + 1;
          x_invoices(l_place).cust_account_id := TO_CHAR(l_line.cust_account_id);
          x_invoices(l_place).route := l_line.text_01;
          x_invoices(l_place).document_id := l_line.text_02;
          x_invoices(l_place).invoice_number := l_line.text_03;
          x_invoices(l_place).invoice_date := l_line.text_05;
          x_invoices(l_place).due_date := l_line.text_06;
          x_invoices(l_place).amount := l_line.text_07;
          x_invoices(l_place).balance := l_line.text_08;
          x_invoices(l_place).currency_code := l_line.text_09;
          x_invoices(l_place).payment_status := l_line.text_04;
          x_invoices(l_place).overdue := l_line.text_10;
          x_invoices(l_place).org_id := l_line.text_11;
        END IF;
      END LOOP;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      forget;
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      forget;
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END customer_summaries;
