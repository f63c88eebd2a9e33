  PROCEDURE page_of_given_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    @include exclusions_of_customers

    @include page_of_documents
  END page_of_given_exclusions;

  PROCEDURE page_of_failing_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    @include exclusions_first

    @include page_of_documents
  END page_of_failing_exclusions;

  PROCEDURE page_of_changed_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    @include exclusions_changed

    @include page_of_documents
  END page_of_changed_exclusions;

  PROCEDURE customer_exclusions(
    @parameters
  )
  IS
    q request_r;
    o options_r;
    l_page sys.odcivarchar2list := sys.odcivarchar2list();
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'TN',
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

    IF o.validate_gl = 'N' THEN
      NULL;
    ELSIF q.keys IS NOT NULL THEN
      page_of_given_exclusions(q, o, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_failing_exclusions(q, o, l_page);
    ELSE
      page_of_changed_exclusions(q, o, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).document_type := key_part(l_page(i), 1);
        x_rows(i).document_id := key_part(l_page(i), 2);
      END LOOP;
    ELSE
      WITH
      @include exclusions_page

      SELECT
        h.document_type,
        TO_CHAR(h.document_id) AS document_id,
        h.document_number,
        TO_CHAR(h.org_id) AS org_id,
        TO_CHAR(h.cust_account_id) AS cust_account_id,
        a.account_number,
        TO_CHAR(f.line_id) AS line_id,
        TO_CHAR(f.code_combination_id) AS code_combination_id,
        f.reason,
        CASE WHEN f.reason IS NULL THEN 'Y' ELSE 'N' END AS valid,
        @date(h.last_update_date) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM owned h
      INNER JOIN hz_cust_accounts a ON h.cust_account_id = a.cust_account_id
      LEFT JOIN faults f ON h.document_type = f.document_type AND h.document_id = f.document_id AND f.place = 1
      WHERE h.place = 1
      ORDER BY NLSSORT(h.document_type, 'NLS_SORT=BINARY'), h.document_id;
    END IF;
    x_return_status := 'S';
  @include failures
  END customer_exclusions;
