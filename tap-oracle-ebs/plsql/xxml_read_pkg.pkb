CREATE OR REPLACE PACKAGE BODY xxml_read_pkg AS
/* $Header: xxml_read_pkg.pkb 120.1 2026/11/21 00:00:00 ml-connector ship $ */

  c_mask CONSTANT VARCHAR2(30) := 'YYYY-MM-DD"T"HH24:MI:SS';
  c_digits CONSTANT VARCHAR2(40) := 'NLS_NUMERIC_CHARACTERS=''.,''';
  c_default_rows CONSTANT PLS_INTEGER := 1000;
  c_most_rows CONSTANT PLS_INTEGER := 5000;
  c_longest_key CONSTANT PLS_INTEGER := 200;

  e_bad_parameter EXCEPTION;
  PRAGMA EXCEPTION_INIT(e_bad_parameter, -20820);

  -- What the common parameters say, checked. Bounds that were not given are the widest ones, so that one
  -- predicate serves and an index on the column can be used.
  TYPE request_r IS RECORD (
    has_range VARCHAR2(1),
    has_start VARCHAR2(1),
    date_from DATE,
    date_to DATE,
    row_offset PLS_INTEGER,
    row_last PLS_INTEGER,
    page_rows PLS_INTEGER,
    units VARCHAR2(32767),
    keys sys.odcivarchar2list,
    keys_only VARCHAR2(1),
    after_number_1 NUMBER,
    after_number_2 NUMBER,
    after_text_1 VARCHAR2(4000),
    after_text_2 VARCHAR2(4000),
    after_text_4 VARCHAR2(4000),
    after_date_3 DATE
  );

  FUNCTION server_time RETURN VARCHAR2
  IS
  BEGIN
    RETURN TO_CHAR(SYSDATE, c_mask);
  END server_time;

  PROCEDURE refuse(p_message IN VARCHAR2)
  IS
  BEGIN
    raise_application_error(-20820, p_message);
  END refuse;

  -- A message is cut to what fits any caller; ORA-20820 in front of one's own messages is left out.
  PROCEDURE end_badly(
    p_status IN VARCHAR2,
    p_error IN VARCHAR2,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2
  )
  IS
  BEGIN
    x_return_status := p_status;
    x_msg_data := SUBSTR(REPLACE(p_error, 'ORA-20820: '), 1, 2000);
    x_has_more := 'N';
  END end_badly;

  FUNCTION date_of(p_name IN VARCHAR2, p_text IN VARCHAR2, p_default IN DATE) RETURN DATE
  IS
    l_date DATE := p_default;
  BEGIN
    IF p_text IS NOT NULL THEN
      BEGIN
        l_date := TO_DATE(p_text, 'FX' || c_mask);
      EXCEPTION
        WHEN OTHERS THEN
          refuse(p_name || ': ' || SUBSTR(p_text, 1, 60) || ' is no date like 2026-11-21T13:45:00');
      END;
    END IF;
    RETURN l_date;
  END date_of;

  FUNCTION is_integer(p_text IN VARCHAR2) RETURN BOOLEAN
  IS
  BEGIN
    RETURN REGEXP_LIKE(p_text, '^-?[0-9]{1,38}$');
  END is_integer;

  FUNCTION count_of(
    p_name IN VARCHAR2,
    p_text IN VARCHAR2,
    p_default IN PLS_INTEGER,
    p_least IN PLS_INTEGER,
    p_most IN PLS_INTEGER
  ) RETURN PLS_INTEGER
  IS
    l_count NUMBER := p_default;
  BEGIN
    IF p_text IS NOT NULL THEN
      IF NOT is_integer(p_text) THEN
        refuse(p_name || ': ' || SUBSTR(p_text, 1, 60) || ' is no whole number');
      END IF;
      l_count := TO_NUMBER(p_text);
      IF l_count < p_least OR l_count > p_most THEN
        refuse(p_name || ' must be from ' || p_least || ' to ' || p_most);
      END IF;
    END IF;
    RETURN l_count;
  END count_of;

  FUNCTION flag_of(p_name IN VARCHAR2, p_text IN VARCHAR2, p_default IN VARCHAR2) RETURN VARCHAR2
  IS
  BEGIN
    IF p_text NOT IN ('Y', 'N') THEN
      refuse(p_name || ' must be Y or N');
    END IF;
    RETURN NVL(p_text, p_default);
  END flag_of;

  -- The items of a list separated by commas; blanks around an item and empty items do not count.
  FUNCTION list_of(p_name IN VARCHAR2, p_text IN VARCHAR2) RETURN sys.odcivarchar2list
  IS
    l_list sys.odcivarchar2list := sys.odcivarchar2list();
    l_start PLS_INTEGER := 1;
    l_comma PLS_INTEGER;
    l_item VARCHAR2(32767);
  BEGIN
    WHILE l_start <= LENGTH(p_text) LOOP
      l_comma := INSTR(p_text, ',', l_start);
      IF l_comma = 0 THEN
        l_comma := LENGTH(p_text) + 1;
      END IF;
      l_item := TRIM(SUBSTR(p_text, l_start, l_comma - l_start));
      IF LENGTH(l_item) > c_longest_key THEN
        refuse(p_name || ' has an item of more than ' || c_longest_key || ' characters');
      END IF;
      IF l_item IS NOT NULL THEN
        l_list.EXTEND();
        l_list(l_list.COUNT) := l_item;
      END IF;
      l_start := l_comma + 1;
    END LOOP;
    RETURN l_list;
  END list_of;

  -- A list as text with a comma before and after each item, for INSTR: it keeps the order of preference.
  FUNCTION listed(p_name IN VARCHAR2, p_text IN VARCHAR2, p_default IN VARCHAR2) RETURN VARCHAR2
  IS
    l_list sys.odcivarchar2list := list_of(p_name, NVL(p_text, p_default));
    l_text VARCHAR2(32767);
  BEGIN
    FOR i IN 1 .. l_list.COUNT LOOP
      l_text := NVL(l_text, ',') || l_list(i) || ',';
    END LOOP;
    RETURN l_text;
  END listed;

  -- The operating units as such a text. It ends with an empty item, which stands for rows without a unit.
  FUNCTION units_of(p_text IN VARCHAR2) RETURN VARCHAR2
  IS
    l_list sys.odcivarchar2list := list_of('P_ORG_ID', p_text);
    l_units VARCHAR2(32767);
  BEGIN
    FOR i IN 1 .. l_list.COUNT LOOP
      IF NOT is_integer(l_list(i)) THEN
        refuse('P_ORG_ID: ' || SUBSTR(l_list(i), 1, 60) || ' is no id of an operating unit');
      END IF;
      l_units := NVL(l_units, ',') || TO_CHAR(TO_NUMBER(l_list(i))) || ',';
    END LOOP;
    IF l_units IS NOT NULL THEN
      l_units := l_units || ',';
    END IF;
    RETURN l_units;
  END units_of;

  FUNCTION key_part(p_key IN VARCHAR2, p_place IN PLS_INTEGER) RETURN VARCHAR2
  IS
  BEGIN
    RETURN REGEXP_SUBSTR(p_key, '[^~]+', 1, p_place);
  END key_part;

  -- p_form has one letter per part: N whole number, D date, T text.
  PROCEDURE check_key(p_name IN VARCHAR2, p_key IN VARCHAR2, p_form IN VARCHAR2)
  IS
    l_part VARCHAR2(4000);
    l_date DATE;
  BEGIN
    IF LENGTH(p_key) > c_longest_key THEN
      refuse(p_name || ' has more than ' || c_longest_key || ' characters');
    END IF;
    IF LENGTH(p_key) - NVL(LENGTH(REPLACE(p_key, '~')), 0) <> LENGTH(p_form) - 1 THEN
      refuse(p_name || ': ' || p_key || ' must have ' || LENGTH(p_form) || ' part(s), joined by ~');
    END IF;
    FOR i IN 1 .. LENGTH(p_form) LOOP
      l_part := key_part(p_key, i);
      IF l_part IS NULL THEN
        refuse(p_name || ': ' || p_key || ' has an empty part');
      ELSIF SUBSTR(p_form, i, 1) = 'N' AND NOT is_integer(l_part) THEN
        refuse(p_name || ': ' || l_part || ' is no whole number');
      ELSIF SUBSTR(p_form, i, 1) = 'D' THEN
        l_date := date_of(p_name, l_part, NULL);
      END IF;
    END LOOP;
  END check_key;

  -- Below every value where no key was given: all numbers, all dates and all texts come after it.
  PROCEDURE place_after(p_key IN VARCHAR2, p_form IN VARCHAR2, x_request IN OUT NOCOPY request_r)
  IS
    FUNCTION text_after(p_place IN PLS_INTEGER) RETURN VARCHAR2
    IS
    BEGIN
      RETURN NVL(key_part(p_key, p_place), CHR(0));
    END text_after;

    FUNCTION number_after(p_place IN PLS_INTEGER) RETURN NUMBER
    IS
      l_number NUMBER := TO_NUMBER('-1E+125');
    BEGIN
      IF p_key IS NOT NULL AND SUBSTR(p_form, p_place, 1) = 'N' THEN
        l_number := TO_NUMBER(key_part(p_key, p_place));
      END IF;
      RETURN l_number;
    END number_after;
  BEGIN
    x_request.after_number_1 := number_after(1);
    x_request.after_number_2 := number_after(2);
    x_request.after_text_1 := text_after(1);
    x_request.after_text_2 := text_after(2);
    x_request.after_text_4 := text_after(4);
    x_request.after_date_3 := DATE '0001-01-01';
    IF p_key IS NOT NULL AND SUBSTR(p_form, 3, 1) = 'D' THEN
      x_request.after_date_3 := TO_DATE(key_part(p_key, 3), c_mask);
    END IF;
  END place_after;

  -- p_key_form is the form of P_LAST_KEY, p_list_form that of the items of P_KEYS.
  FUNCTION request_of(
    p_key_form IN VARCHAR2,
    p_list_form IN VARCHAR2,
    p_last_update_from IN VARCHAR2,
    p_last_update_to IN VARCHAR2,
    p_last_key IN VARCHAR2,
    p_limit IN VARCHAR2,
    p_offset IN VARCHAR2,
    p_org_id IN VARCHAR2,
    p_keys IN VARCHAR2,
    p_keys_only IN VARCHAR2
  ) RETURN request_r
  IS
    l_request request_r;
    l_keys sys.odcivarchar2list;
  BEGIN
    l_request.has_start := CASE WHEN p_last_update_from IS NULL THEN 'N' ELSE 'Y' END;
    l_request.has_range := CASE WHEN p_last_update_to IS NULL THEN l_request.has_start ELSE 'Y' END;
    l_request.date_from := date_of('P_LAST_UPDATE_FROM', p_last_update_from, DATE '0001-01-01');
    l_request.date_to := date_of('P_LAST_UPDATE_TO', p_last_update_to, DATE '9999-12-31');
    l_request.page_rows := count_of('P_LIMIT', p_limit, c_default_rows, 1, c_most_rows);
    l_request.row_offset := count_of('P_OFFSET', p_offset, 0, 0, 2000000000);
    l_request.row_last := l_request.row_offset + l_request.page_rows + 1;
    l_request.units := units_of(p_org_id);
    l_request.keys_only := flag_of('P_KEYS_ONLY', p_keys_only, 'N');
    IF p_keys IS NOT NULL THEN
      l_keys := list_of('P_KEYS', p_keys);
      FOR i IN 1 .. l_keys.COUNT LOOP
        check_key('P_KEYS', l_keys(i), p_list_form);
      END LOOP;
      l_request.keys := l_keys;
    END IF;
    IF p_last_key IS NOT NULL THEN
      check_key('P_LAST_KEY', p_last_key, p_key_form);
    END IF;
    place_after(p_last_key, p_key_form, l_request);
    RETURN l_request;
  END request_of;

  -- The query reads one row more than the page holds: that row tells that there is more.
  PROCEDURE cut_page(
    p_request IN request_r,
    x_page IN OUT NOCOPY sys.odcivarchar2list,
    x_has_more OUT NOCOPY VARCHAR2
  )
  IS
  BEGIN
    x_has_more := 'N';
    IF x_page.COUNT > p_request.page_rows THEN
      x_page.TRIM(x_page.COUNT - p_request.page_rows);
      x_has_more := 'Y';
    END IF;
  END cut_page;

  -- What the parameters of summaries and exclusions say, checked.
  TYPE options_r IS RECORD (
    crossed_from DATE,
    crossed_to DATE,
    as_of DATE,
    purchasing VARCHAR2(1),
    sales VARCHAR2(1),
    validate_gl VARCHAR2(1),
    po_types VARCHAR2(32767),
    po_statuses VARCHAR2(32767),
    recent_days PLS_INTEGER,
    document_limit PLS_INTEGER,
    currency VARCHAR2(30),
    rate_type VARCHAR2(30)
  );

  -- A row of any collection of a summary: its texts are the columns of that collection.
  TYPE line_r IS RECORD (
    kind VARCHAR2(1),
    cust_account_id NUMBER,
    text_01 VARCHAR2(4000),
    text_02 VARCHAR2(4000),
    text_03 VARCHAR2(4000),
    text_04 VARCHAR2(4000),
    text_05 VARCHAR2(4000),
    text_06 VARCHAR2(4000),
    text_07 VARCHAR2(4000),
    text_08 VARCHAR2(4000),
    text_09 VARCHAR2(4000),
    text_10 VARCHAR2(4000),
    text_11 VARCHAR2(4000),
    text_12 VARCHAR2(4000),
    text_13 VARCHAR2(4000),
    text_14 VARCHAR2(4000),
    text_15 VARCHAR2(4000),
    text_16 VARCHAR2(4000)
  );

  TYPE line_t IS TABLE OF line_r INDEX BY BINARY_INTEGER;

  FUNCTION options_of(
    p_crossed_from IN VARCHAR2,
    p_crossed_to IN VARCHAR2,
    p_as_of IN VARCHAR2,
    p_orders_from IN VARCHAR2,
    p_validate_gl IN VARCHAR2,
    p_po_types IN VARCHAR2,
    p_po_statuses IN VARCHAR2
  ) RETURN options_r
  IS
    o options_r;
    l_from VARCHAR2(32767) := NVL(p_orders_from, 'PURCHASING');
  BEGIN
    o.crossed_from := date_of('P_CROSSED_FROM', p_crossed_from, NULL);
    o.crossed_to := date_of('P_CROSSED_TO', p_crossed_to, NULL);
    IF p_crossed_from IS NOT NULL AND p_crossed_to IS NULL THEN
      refuse('P_CROSSED_FROM needs P_CROSSED_TO');
    ELSIF p_crossed_from IS NULL AND p_crossed_to IS NOT NULL THEN
      refuse('P_CROSSED_TO needs P_CROSSED_FROM');
    END IF;
    o.as_of := TRUNC(date_of('P_AS_OF', p_as_of, SYSDATE));
    IF l_from NOT IN ('PURCHASING', 'ORDER_MANAGEMENT', 'BOTH') THEN
      refuse('P_ORDERS_FROM must be PURCHASING, ORDER_MANAGEMENT or BOTH');
    END IF;
    o.purchasing := CASE WHEN l_from = 'ORDER_MANAGEMENT' THEN 'N' ELSE 'Y' END;
    o.sales := CASE WHEN l_from = 'PURCHASING' THEN 'N' ELSE 'Y' END;
    o.validate_gl := flag_of('P_VALIDATE_GL', p_validate_gl, 'Y');
    o.po_types := listed('P_PO_TYPES', p_po_types, 'STANDARD');
    o.po_statuses := listed(
      'P_PO_STATUSES', p_po_statuses, 'APPROVED,PRE-APPROVED,IN PROCESS,REQUIRES REAPPROVAL'
    );
    RETURN o;
  END options_of;

  FUNCTION code_of(p_name IN VARCHAR2, p_text IN VARCHAR2, p_default IN VARCHAR2) RETURN VARCHAR2
  IS
  BEGIN
    IF LENGTH(p_text) > 30 THEN
      refuse(p_name || ' has more than 30 characters');
    END IF;
    RETURN NVL(p_text, p_default);
  END code_of;

  PROCEDURE page_of_given_accounts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_given_accounts;

  -- Without a start every account belongs to the range.
  PROCEDURE page_of_all_accounts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_all_accounts;

  PROCEDURE hz_parties(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_parties_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_id) AS place
        FROM hz_parties t
        WHERE
          t.party_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.party_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_id) AS place
        FROM hz_parties t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.party_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_id) AS place
        FROM hz_parties t
        WHERE
          t.party_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).party_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.party_id) AS party_id,
        t.party_number,
        t.party_name,
        t.party_type,
        t.status,
        t.person_first_name,
        t.person_last_name,
        t.email_address,
        t.primary_phone_country_code,
        t.primary_phone_area_code,
        t.primary_phone_number,
        t.primary_phone_extension,
        t.url,
        t.jgzz_fiscal_code,
        t.tax_reference,
        t.address1,
        t.address2,
        t.address3,
        t.address4,
        t.city,
        t.county,
        t.state,
        t.province,
        t.postal_code,
        t.country,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_parties t
      WHERE t.party_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.party_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_parties;

  PROCEDURE hz_cust_accounts(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_cust_accounts_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_id) AS place
        FROM hz_cust_accounts t
        WHERE
          t.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.cust_account_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_id) AS place
        FROM hz_cust_accounts t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.cust_account_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_id) AS place
        FROM hz_cust_accounts t
        WHERE
          t.cust_account_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.cust_account_id) AS cust_account_id,
        TO_CHAR(t.party_id) AS party_id,
        t.account_number,
        t.account_name,
        t.status,
        t.customer_type,
        t.customer_class_code,
        TO_CHAR(t.account_established_date, c_mask) AS account_established_date,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_cust_accounts t
      WHERE t.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.cust_account_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_cust_accounts;

  PROCEDURE hz_cust_acct_sites_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_cust_acct_sites_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_site_id) AS place
        FROM hz_cust_acct_sites_all t
        WHERE
          t.cust_acct_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.cust_acct_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_site_id) AS place
        FROM hz_cust_acct_sites_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.cust_acct_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_site_id) AS place
        FROM hz_cust_acct_sites_all t
        WHERE
          t.cust_acct_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_acct_site_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.cust_acct_site_id) AS cust_acct_site_id,
        TO_CHAR(t.cust_account_id) AS cust_account_id,
        TO_CHAR(t.party_site_id) AS party_site_id,
        t.status,
        TO_CHAR(t.org_id) AS org_id,
        t.bill_to_flag,
        t.ship_to_flag,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_cust_acct_sites_all t
      WHERE t.cust_acct_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.cust_acct_site_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_cust_acct_sites_all;

  PROCEDURE hz_cust_site_uses_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_cust_site_uses_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.site_use_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.site_use_id) AS place
        FROM hz_cust_site_uses_all t
        WHERE
          t.site_use_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.site_use_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.site_use_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.site_use_id) AS place
        FROM hz_cust_site_uses_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.site_use_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.site_use_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.site_use_id) AS place
        FROM hz_cust_site_uses_all t
        WHERE
          t.site_use_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).site_use_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.site_use_id) AS site_use_id,
        TO_CHAR(t.cust_acct_site_id) AS cust_acct_site_id,
        t.site_use_code,
        t.primary_flag,
        t.location,
        t.status,
        TO_CHAR(t.gl_id_rec) AS gl_id_rec,
        TO_CHAR(t.gl_id_rev) AS gl_id_rev,
        TO_CHAR(t.payment_term_id) AS payment_term_id,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_cust_site_uses_all t
      WHERE t.site_use_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.site_use_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_cust_site_uses_all;

  PROCEDURE hz_party_sites(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_party_sites_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_site_id) AS place
        FROM hz_party_sites t
        WHERE
          t.party_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.party_site_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_site_id) AS place
        FROM hz_party_sites t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.party_site_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.party_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.party_site_id) AS place
        FROM hz_party_sites t
        WHERE
          t.party_site_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).party_site_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.party_site_id) AS party_site_id,
        TO_CHAR(t.party_id) AS party_id,
        TO_CHAR(t.location_id) AS location_id,
        t.party_site_number,
        t.identifying_address_flag,
        t.status,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_party_sites t
      WHERE t.party_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.party_site_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_party_sites;

  PROCEDURE hz_locations(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_locations_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.location_id) AS place
        FROM hz_locations t
        WHERE
          t.location_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.location_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.location_id) AS place
        FROM hz_locations t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.location_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.location_id) AS place
        FROM hz_locations t
        WHERE
          t.location_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).location_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.location_id) AS location_id,
        t.address1,
        t.address2,
        t.address3,
        t.address4,
        t.city,
        t.county,
        t.state,
        t.province,
        t.postal_code,
        t.country,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_locations t
      WHERE t.location_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.location_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_locations;

  PROCEDURE hz_contact_points(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_contact_points_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.contact_point_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.contact_point_id) AS place
        FROM hz_contact_points t
        WHERE
          t.contact_point_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.contact_point_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.contact_point_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.contact_point_id) AS place
        FROM hz_contact_points t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.contact_point_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.contact_point_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.contact_point_id) AS place
        FROM hz_contact_points t
        WHERE
          t.contact_point_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).contact_point_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.contact_point_id) AS contact_point_id,
        t.owner_table_name,
        TO_CHAR(t.owner_table_id) AS owner_table_id,
        t.contact_point_type,
        t.phone_line_type,
        t.phone_country_code,
        t.phone_area_code,
        t.phone_number,
        t.phone_extension,
        t.email_address,
        t.url,
        t.primary_flag,
        t.status,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_contact_points t
      WHERE t.contact_point_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.contact_point_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_contact_points;

  PROCEDURE hz_relationships(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_relationships_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'NT',
      'NT',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.relationship_id) || '~' || t.directional_flag AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.relationship_id,
            NLSSORT(t.directional_flag, 'NLS_SORT=BINARY')) AS place
        FROM hz_relationships t
        WHERE
          (t.relationship_id, t.directional_flag) IN (
            SELECT
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS relationship_id,
              REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2) AS directional_flag
            FROM TABLE(q.keys) k
          )
          AND t.relationship_id >= q.after_number_1
          AND (t.relationship_id > q.after_number_1
            OR (t.relationship_id = q.after_number_1
            AND (NLSSORT(t.directional_flag, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2,
            'NLS_SORT=BINARY'))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.relationship_id) || '~' || t.directional_flag AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.relationship_id,
            NLSSORT(t.directional_flag, 'NLS_SORT=BINARY')) AS place
        FROM hz_relationships t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.relationship_id >= q.after_number_1
          AND (t.relationship_id > q.after_number_1
            OR (t.relationship_id = q.after_number_1
            AND (NLSSORT(t.directional_flag, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2,
            'NLS_SORT=BINARY'))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.relationship_id) || '~' || t.directional_flag AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.relationship_id,
            NLSSORT(t.directional_flag, 'NLS_SORT=BINARY')) AS place
        FROM hz_relationships t
        WHERE
          t.relationship_id >= q.after_number_1
          AND (t.relationship_id > q.after_number_1
            OR (t.relationship_id = q.after_number_1
            AND (NLSSORT(t.directional_flag, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2,
            'NLS_SORT=BINARY'))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).relationship_id := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 1);
        x_rows(i).directional_flag := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 2);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.relationship_id) AS relationship_id,
        t.directional_flag,
        TO_CHAR(t.subject_id) AS subject_id,
        t.subject_type,
        TO_CHAR(t.object_id) AS object_id,
        t.object_type,
        TO_CHAR(t.party_id) AS party_id,
        t.relationship_code,
        t.status,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_relationships t
      WHERE (t.relationship_id, t.directional_flag) IN (
        SELECT
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS relationship_id,
          REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2) AS directional_flag
        FROM TABLE(l_page) k
      )
      ORDER BY t.relationship_id, NLSSORT(t.directional_flag, 'NLS_SORT=BINARY');
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_relationships;

  PROCEDURE hz_org_contacts(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_org_contacts_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.org_contact_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.org_contact_id) AS place
        FROM hz_org_contacts t
        WHERE
          t.org_contact_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.org_contact_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.org_contact_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.org_contact_id) AS place
        FROM hz_org_contacts t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.org_contact_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.org_contact_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.org_contact_id) AS place
        FROM hz_org_contacts t
        WHERE
          t.org_contact_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).org_contact_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.org_contact_id) AS org_contact_id,
        TO_CHAR(t.party_relationship_id) AS party_relationship_id,
        t.job_title,
        t.contact_number,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_org_contacts t
      WHERE t.org_contact_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.org_contact_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_org_contacts;

  PROCEDURE hz_cust_account_roles(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_cust_account_roles_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_role_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_role_id) AS place
        FROM hz_cust_account_roles t
        WHERE
          t.cust_account_role_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.cust_account_role_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_role_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_role_id) AS place
        FROM hz_cust_account_roles t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.cust_account_role_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_role_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_role_id) AS place
        FROM hz_cust_account_roles t
        WHERE
          t.cust_account_role_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_role_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.cust_account_role_id) AS cust_account_role_id,
        TO_CHAR(t.cust_account_id) AS cust_account_id,
        TO_CHAR(t.cust_acct_site_id) AS cust_acct_site_id,
        TO_CHAR(t.party_id) AS party_id,
        t.role_type,
        t.status,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_cust_account_roles t
      WHERE t.cust_account_role_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.cust_account_role_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_cust_account_roles;

  PROCEDURE hz_customer_profiles(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_customer_profiles_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_profile_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_profile_id) AS place
        FROM hz_customer_profiles t
        WHERE
          t.cust_account_profile_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.cust_account_profile_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_profile_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_profile_id) AS place
        FROM hz_customer_profiles t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.cust_account_profile_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_account_profile_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_account_profile_id) AS place
        FROM hz_customer_profiles t
        WHERE
          t.cust_account_profile_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_profile_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.cust_account_profile_id) AS cust_account_profile_id,
        TO_CHAR(t.cust_account_id) AS cust_account_id,
        TO_CHAR(t.site_use_id) AS site_use_id,
        t.credit_hold,
        t.credit_rating,
        TO_CHAR(t.standard_terms) AS standard_terms,
        t.status,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_customer_profiles t
      WHERE t.cust_account_profile_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.cust_account_profile_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_customer_profiles;

  PROCEDURE hz_cust_profile_amts(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY hz_cust_profile_amts_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_profile_amt_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_profile_amt_id) AS place
        FROM hz_cust_profile_amts t
        WHERE
          t.cust_acct_profile_amt_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.cust_acct_profile_amt_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_profile_amt_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_profile_amt_id) AS place
        FROM hz_cust_profile_amts t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.cust_acct_profile_amt_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.cust_acct_profile_amt_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.cust_acct_profile_amt_id) AS place
        FROM hz_cust_profile_amts t
        WHERE
          t.cust_acct_profile_amt_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_acct_profile_amt_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.cust_acct_profile_amt_id) AS cust_acct_profile_amt_id,
        TO_CHAR(t.cust_account_profile_id) AS cust_account_profile_id,
        TO_CHAR(t.cust_account_id) AS cust_account_id,
        TO_CHAR(t.site_use_id) AS site_use_id,
        t.currency_code,
        TO_CHAR(t.overall_credit_limit, 'TM9', c_digits) AS overall_credit_limit,
        TO_CHAR(t.trx_credit_limit, 'TM9', c_digits) AS trx_credit_limit,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM hz_cust_profile_amts t
      WHERE t.cust_acct_profile_amt_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.cust_acct_profile_amt_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END hz_cust_profile_amts;

  PROCEDURE po_headers_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_headers_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_header_id) AS place
        FROM po_headers_all t
        WHERE
          t.po_header_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.po_header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_header_id) AS place
        FROM po_headers_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.po_header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_header_id) AS place
        FROM po_headers_all t
        WHERE
          t.po_header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).po_header_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.po_header_id) AS po_header_id,
        t.segment1,
        t.type_lookup_code,
        TO_CHAR(t.vendor_id) AS vendor_id,
        TO_CHAR(t.vendor_site_id) AS vendor_site_id,
        TO_CHAR(t.vendor_contact_id) AS vendor_contact_id,
        t.currency_code,
        TO_CHAR(t.rate, 'TM9', c_digits) AS rate,
        TO_CHAR(t.terms_id) AS terms_id,
        t.authorization_status,
        t.approved_flag,
        TO_CHAR(t.approved_date, c_mask) AS approved_date,
        t.closed_code,
        TO_CHAR(t.closed_date, c_mask) AS closed_date,
        t.cancel_flag,
        TO_CHAR(t.revision_num) AS revision_num,
        t.comments,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_headers_all t
      WHERE t.po_header_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.po_header_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_headers_all;

  PROCEDURE po_lines_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_lines_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_line_id) AS place
        FROM po_lines_all t
        WHERE
          t.po_line_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.po_line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_line_id) AS place
        FROM po_lines_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.po_line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_line_id) AS place
        FROM po_lines_all t
        WHERE
          t.po_line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).po_line_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.po_line_id) AS po_line_id,
        TO_CHAR(t.po_header_id) AS po_header_id,
        TO_CHAR(t.line_num) AS line_num,
        TO_CHAR(t.item_id) AS item_id,
        t.item_description,
        TO_CHAR(t.category_id) AS category_id,
        t.unit_meas_lookup_code,
        TO_CHAR(t.unit_price, 'TM9', c_digits) AS unit_price,
        TO_CHAR(t.quantity, 'TM9', c_digits) AS quantity,
        t.closed_code,
        t.cancel_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_lines_all t
      WHERE t.po_line_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.po_line_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_lines_all;

  PROCEDURE po_line_locations_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_line_locations_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_location_id) AS place
        FROM po_line_locations_all t
        WHERE
          t.line_location_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.line_location_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_location_id) AS place
        FROM po_line_locations_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.line_location_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_location_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_location_id) AS place
        FROM po_line_locations_all t
        WHERE
          t.line_location_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).line_location_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.line_location_id) AS line_location_id,
        TO_CHAR(t.po_header_id) AS po_header_id,
        TO_CHAR(t.po_line_id) AS po_line_id,
        TO_CHAR(t.shipment_num) AS shipment_num,
        TO_CHAR(t.quantity, 'TM9', c_digits) AS quantity,
        TO_CHAR(t.quantity_received, 'TM9', c_digits) AS quantity_received,
        TO_CHAR(t.quantity_billed, 'TM9', c_digits) AS quantity_billed,
        TO_CHAR(t.quantity_cancelled, 'TM9', c_digits) AS quantity_cancelled,
        TO_CHAR(t.price_override, 'TM9', c_digits) AS price_override,
        TO_CHAR(t.need_by_date, c_mask) AS need_by_date,
        TO_CHAR(t.promised_date, c_mask) AS promised_date,
        TO_CHAR(t.ship_to_organization_id) AS ship_to_organization_id,
        t.closed_code,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_line_locations_all t
      WHERE t.line_location_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.line_location_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_line_locations_all;

  PROCEDURE po_distributions_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_distributions_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_distribution_id) AS place
        FROM po_distributions_all t
        WHERE
          t.po_distribution_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.po_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_distribution_id) AS place
        FROM po_distributions_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.po_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.po_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.po_distribution_id) AS place
        FROM po_distributions_all t
        WHERE
          t.po_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).po_distribution_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.po_distribution_id) AS po_distribution_id,
        TO_CHAR(t.po_header_id) AS po_header_id,
        TO_CHAR(t.po_line_id) AS po_line_id,
        TO_CHAR(t.line_location_id) AS line_location_id,
        TO_CHAR(t.distribution_num) AS distribution_num,
        TO_CHAR(t.code_combination_id) AS code_combination_id,
        TO_CHAR(t.quantity_ordered, 'TM9', c_digits) AS quantity_ordered,
        TO_CHAR(t.quantity_billed, 'TM9', c_digits) AS quantity_billed,
        TO_CHAR(t.amount_billed, 'TM9', c_digits) AS amount_billed,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_distributions_all t
      WHERE t.po_distribution_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.po_distribution_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_distributions_all;

  PROCEDURE po_vendors(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_vendors_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_id) AS place
        FROM po_vendors t
        WHERE
          t.vendor_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.vendor_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_id) AS place
        FROM po_vendors t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.vendor_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_id) AS place
        FROM po_vendors t
        WHERE
          t.vendor_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).vendor_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.vendor_id) AS vendor_id,
        TO_CHAR(t.party_id) AS party_id,
        t.segment1,
        t.vendor_name,
        t.vendor_type_lookup_code,
        TO_CHAR(t.terms_id) AS terms_id,
        t.enabled_flag,
        TO_CHAR(t.end_date_active, c_mask) AS end_date_active,
        t.hold_flag,
        t.customer_num,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_vendors t
      WHERE t.vendor_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.vendor_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_vendors;

  PROCEDURE po_vendor_sites_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY po_vendor_sites_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_site_id) AS place
        FROM po_vendor_sites_all t
        WHERE
          t.vendor_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.vendor_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_site_id) AS place
        FROM po_vendor_sites_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.vendor_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.vendor_site_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.vendor_site_id) AS place
        FROM po_vendor_sites_all t
        WHERE
          t.vendor_site_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).vendor_site_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.vendor_site_id) AS vendor_site_id,
        TO_CHAR(t.vendor_id) AS vendor_id,
        TO_CHAR(t.party_site_id) AS party_site_id,
        t.vendor_site_code,
        TO_CHAR(t.org_id) AS org_id,
        t.address_line1,
        t.address_line2,
        t.address_line3,
        t.address_line4,
        t.city,
        t.county,
        t.state,
        t.province,
        t.zip,
        t.country,
        t.email_address,
        t.area_code,
        t.phone,
        t.purchasing_site_flag,
        t.pay_site_flag,
        TO_CHAR(t.inactive_date, c_mask) AS inactive_date,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM po_vendor_sites_all t
      WHERE t.vendor_site_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.vendor_site_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END po_vendor_sites_all;

  PROCEDURE ap_invoices_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_invoices_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id) AS place
        FROM ap_invoices_all t
        WHERE
          t.invoice_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.invoice_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id) AS place
        FROM ap_invoices_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.invoice_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id) AS place
        FROM ap_invoices_all t
        WHERE
          t.invoice_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).invoice_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.invoice_id) AS invoice_id,
        t.invoice_num,
        TO_CHAR(t.vendor_id) AS vendor_id,
        TO_CHAR(t.vendor_site_id) AS vendor_site_id,
        TO_CHAR(t.party_id) AS party_id,
        TO_CHAR(t.invoice_date, c_mask) AS invoice_date,
        t.invoice_type_lookup_code,
        TO_CHAR(t.invoice_amount, 'TM9', c_digits) AS invoice_amount,
        t.invoice_currency_code,
        TO_CHAR(t.amount_paid, 'TM9', c_digits) AS amount_paid,
        TO_CHAR(t.base_amount, 'TM9', c_digits) AS base_amount,
        TO_CHAR(t.exchange_rate, 'TM9', c_digits) AS exchange_rate,
        t.payment_status_flag,
        TO_CHAR(t.cancelled_date, c_mask) AS cancelled_date,
        TO_CHAR(t.cancelled_amount, 'TM9', c_digits) AS cancelled_amount,
        TO_CHAR(t.terms_id) AS terms_id,
        TO_CHAR(t.terms_date, c_mask) AS terms_date,
        TO_CHAR(t.gl_date, c_mask) AS gl_date,
        t.description,
        TO_CHAR(t.accts_pay_code_combination_id) AS accts_pay_code_combination_id,
        TO_CHAR(t.set_of_books_id) AS set_of_books_id,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_invoices_all t
      WHERE t.invoice_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.invoice_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_invoices_all;

  PROCEDURE ap_invoice_lines_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_invoice_lines_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'NN',
      'NN',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.line_number) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.line_number) AS place
        FROM ap_invoice_lines_all t
        WHERE
          (t.invoice_id, t.line_number) IN (
            SELECT
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS invoice_id,
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS line_number
            FROM TABLE(q.keys) k
          )
          AND t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.line_number > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.line_number) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.line_number) AS place
        FROM ap_invoice_lines_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.line_number > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.line_number) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.line_number) AS place
        FROM ap_invoice_lines_all t
        WHERE
          t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.line_number > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).invoice_id := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 1);
        x_rows(i).line_number := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 2);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.invoice_id) AS invoice_id,
        TO_CHAR(t.line_number) AS line_number,
        TO_CHAR(t.amount, 'TM9', c_digits) AS amount,
        t.line_type_lookup_code,
        TO_CHAR(t.po_line_location_id) AS po_line_location_id,
        t.discarded_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_invoice_lines_all t
      WHERE (t.invoice_id, t.line_number) IN (
        SELECT
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS invoice_id,
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS line_number
        FROM TABLE(l_page) k
      )
      ORDER BY t.invoice_id, t.line_number;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_invoice_lines_all;

  PROCEDURE ap_invoice_distributions_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_invoice_distributions_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_distribution_id) AS place
        FROM ap_invoice_distributions_all t
        WHERE
          t.invoice_distribution_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.invoice_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_distribution_id) AS place
        FROM ap_invoice_distributions_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.invoice_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_distribution_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_distribution_id) AS place
        FROM ap_invoice_distributions_all t
        WHERE
          t.invoice_distribution_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).invoice_distribution_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.invoice_distribution_id) AS invoice_distribution_id,
        TO_CHAR(t.invoice_id) AS invoice_id,
        TO_CHAR(t.invoice_line_number) AS invoice_line_number,
        TO_CHAR(t.dist_code_combination_id) AS dist_code_combination_id,
        TO_CHAR(t.po_distribution_id) AS po_distribution_id,
        TO_CHAR(t.amount, 'TM9', c_digits) AS amount,
        t.line_type_lookup_code,
        t.match_status_flag,
        TO_CHAR(t.accounting_date, c_mask) AS accounting_date,
        t.reversal_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_invoice_distributions_all t
      WHERE t.invoice_distribution_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.invoice_distribution_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_invoice_distributions_all;

  PROCEDURE ap_payment_schedules_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_payment_schedules_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'NN',
      'NN',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.payment_num) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.payment_num) AS place
        FROM ap_payment_schedules_all t
        WHERE
          (t.invoice_id, t.payment_num) IN (
            SELECT
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS invoice_id,
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS payment_num
            FROM TABLE(q.keys) k
          )
          AND t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.payment_num > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.payment_num) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.payment_num) AS place
        FROM ap_payment_schedules_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.payment_num > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_id) || '~' || TO_CHAR(t.payment_num) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_id, t.payment_num) AS place
        FROM ap_payment_schedules_all t
        WHERE
          t.invoice_id >= q.after_number_1
          AND (t.invoice_id > q.after_number_1
            OR (t.invoice_id = q.after_number_1 AND (t.payment_num > q.after_number_2)))
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).invoice_id := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 1);
        x_rows(i).payment_num := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 2);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.invoice_id) AS invoice_id,
        TO_CHAR(t.payment_num) AS payment_num,
        TO_CHAR(t.due_date, c_mask) AS due_date,
        TO_CHAR(t.gross_amount, 'TM9', c_digits) AS gross_amount,
        TO_CHAR(t.amount_remaining, 'TM9', c_digits) AS amount_remaining,
        t.hold_flag,
        t.payment_status_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_payment_schedules_all t
      WHERE (t.invoice_id, t.payment_num) IN (
        SELECT
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS invoice_id,
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS payment_num
        FROM TABLE(l_page) k
      )
      ORDER BY t.invoice_id, t.payment_num;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_payment_schedules_all;

  PROCEDURE ap_invoice_payments_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_invoice_payments_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_payment_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_payment_id) AS place
        FROM ap_invoice_payments_all t
        WHERE
          t.invoice_payment_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.invoice_payment_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_payment_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_payment_id) AS place
        FROM ap_invoice_payments_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.invoice_payment_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.invoice_payment_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.invoice_payment_id) AS place
        FROM ap_invoice_payments_all t
        WHERE
          t.invoice_payment_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).invoice_payment_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.invoice_payment_id) AS invoice_payment_id,
        TO_CHAR(t.invoice_id) AS invoice_id,
        TO_CHAR(t.check_id) AS check_id,
        TO_CHAR(t.payment_num) AS payment_num,
        TO_CHAR(t.amount, 'TM9', c_digits) AS amount,
        TO_CHAR(t.accounting_date, c_mask) AS accounting_date,
        t.reversal_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_invoice_payments_all t
      WHERE t.invoice_payment_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.invoice_payment_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_invoice_payments_all;

  PROCEDURE ap_checks_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_checks_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.check_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.check_id) AS place
        FROM ap_checks_all t
        WHERE
          t.check_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.check_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.check_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.check_id) AS place
        FROM ap_checks_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.check_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.check_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.check_id) AS place
        FROM ap_checks_all t
        WHERE
          t.check_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).check_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.check_id) AS check_id,
        TO_CHAR(t.check_number) AS check_number,
        TO_CHAR(t.check_date, c_mask) AS check_date,
        TO_CHAR(t.amount, 'TM9', c_digits) AS amount,
        t.currency_code,
        TO_CHAR(t.vendor_id) AS vendor_id,
        TO_CHAR(t.vendor_site_id) AS vendor_site_id,
        t.status_lookup_code,
        TO_CHAR(t.void_date, c_mask) AS void_date,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_checks_all t
      WHERE t.check_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.check_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_checks_all;

  PROCEDURE ap_terms(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ap_terms_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ap_terms t
        WHERE
          t.term_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ap_terms t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ap_terms t
        WHERE
          t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).term_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.term_id) AS term_id,
        t.name,
        t.description,
        t.enabled_flag,
        TO_CHAR(t.start_date_active, c_mask) AS start_date_active,
        TO_CHAR(t.end_date_active, c_mask) AS end_date_active,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ap_terms t
      WHERE t.term_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.term_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ap_terms;

  PROCEDURE gl_code_combinations(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY gl_code_combinations_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.code_combination_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.code_combination_id) AS place
        FROM gl_code_combinations t
        WHERE
          t.code_combination_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.code_combination_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.code_combination_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.code_combination_id) AS place
        FROM gl_code_combinations t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.code_combination_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.code_combination_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.code_combination_id) AS place
        FROM gl_code_combinations t
        WHERE
          t.code_combination_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).code_combination_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.code_combination_id) AS code_combination_id,
        TO_CHAR(t.chart_of_accounts_id) AS chart_of_accounts_id,
        t.segment1,
        t.segment2,
        t.segment3,
        t.segment4,
        t.segment5,
        t.segment6,
        t.segment7,
        t.segment8,
        t.segment9,
        t.segment10,
        t.segment11,
        t.segment12,
        t.segment13,
        t.segment14,
        t.segment15,
        t.segment16,
        t.segment17,
        t.segment18,
        t.segment19,
        t.segment20,
        t.segment21,
        t.segment22,
        t.segment23,
        t.segment24,
        t.segment25,
        t.segment26,
        t.segment27,
        t.segment28,
        t.segment29,
        t.segment30,
        t.account_type,
        t.enabled_flag,
        t.summary_flag,
        t.detail_posting_allowed_flag,
        TO_CHAR(t.start_date_active, c_mask) AS start_date_active,
        TO_CHAR(t.end_date_active, c_mask) AS end_date_active,
        TO_CHAR(t.template_id) AS template_id,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM gl_code_combinations t
      WHERE t.code_combination_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.code_combination_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END gl_code_combinations;

  PROCEDURE gl_daily_rates(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY gl_daily_rates_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'TTDT',
      'TTDT',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          t.from_currency || '~' || t.to_currency || '~' || TO_CHAR(t.conversion_date, c_mask) || '~'
            || t.conversion_type AS row_key,
          ROW_NUMBER() OVER (ORDER BY NLSSORT(t.from_currency, 'NLS_SORT=BINARY'),
            NLSSORT(t.to_currency, 'NLS_SORT=BINARY'), t.conversion_date,
            NLSSORT(t.conversion_type, 'NLS_SORT=BINARY')) AS place
        FROM gl_daily_rates t
        WHERE
          (t.from_currency, t.to_currency, t.conversion_date, t.conversion_type) IN (
            SELECT
              REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1) AS from_currency,
              REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2) AS to_currency,
              TO_DATE(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 3), c_mask) AS conversion_date,
              REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 4) AS conversion_type
            FROM TABLE(q.keys) k
          )
          AND NLSSORT(t.from_currency, 'NLS_SORT=BINARY') >= NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
          AND (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            AND (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            AND (t.conversion_date > q.after_date_3
            OR (t.conversion_date = q.after_date_3
            AND (NLSSORT(t.conversion_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_4,
            'NLS_SORT=BINARY'))))))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          t.from_currency || '~' || t.to_currency || '~' || TO_CHAR(t.conversion_date, c_mask) || '~'
            || t.conversion_type AS row_key,
          ROW_NUMBER() OVER (ORDER BY NLSSORT(t.from_currency, 'NLS_SORT=BINARY'),
            NLSSORT(t.to_currency, 'NLS_SORT=BINARY'), t.conversion_date,
            NLSSORT(t.conversion_type, 'NLS_SORT=BINARY')) AS place
        FROM gl_daily_rates t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND NLSSORT(t.from_currency, 'NLS_SORT=BINARY') >= NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
          AND (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            AND (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            AND (t.conversion_date > q.after_date_3
            OR (t.conversion_date = q.after_date_3
            AND (NLSSORT(t.conversion_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_4,
            'NLS_SORT=BINARY'))))))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          t.from_currency || '~' || t.to_currency || '~' || TO_CHAR(t.conversion_date, c_mask) || '~'
            || t.conversion_type AS row_key,
          ROW_NUMBER() OVER (ORDER BY NLSSORT(t.from_currency, 'NLS_SORT=BINARY'),
            NLSSORT(t.to_currency, 'NLS_SORT=BINARY'), t.conversion_date,
            NLSSORT(t.conversion_type, 'NLS_SORT=BINARY')) AS place
        FROM gl_daily_rates t
        WHERE
          NLSSORT(t.from_currency, 'NLS_SORT=BINARY') >= NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
          AND (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.from_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
            AND (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            OR (NLSSORT(t.to_currency, 'NLS_SORT=BINARY') = NLSSORT(q.after_text_2, 'NLS_SORT=BINARY')
            AND (t.conversion_date > q.after_date_3
            OR (t.conversion_date = q.after_date_3
            AND (NLSSORT(t.conversion_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_4,
            'NLS_SORT=BINARY'))))))))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).from_currency := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 1);
        x_rows(i).to_currency := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 2);
        x_rows(i).conversion_date := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 3);
        x_rows(i).conversion_type := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 4);
      END LOOP;
    ELSE
      SELECT
        t.from_currency,
        t.to_currency,
        TO_CHAR(t.conversion_date, c_mask) AS conversion_date,
        t.conversion_type,
        TO_CHAR(t.conversion_rate, 'TM9', c_digits) AS conversion_rate,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM gl_daily_rates t
      WHERE (t.from_currency, t.to_currency, t.conversion_date, t.conversion_type) IN (
        SELECT
          REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1) AS from_currency,
          REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2) AS to_currency,
          TO_DATE(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 3), c_mask) AS conversion_date,
          REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 4) AS conversion_type
        FROM TABLE(l_page) k
      )
      ORDER BY NLSSORT(t.from_currency, 'NLS_SORT=BINARY'), NLSSORT(t.to_currency, 'NLS_SORT=BINARY'),
        t.conversion_date, NLSSORT(t.conversion_type, 'NLS_SORT=BINARY');
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END gl_daily_rates;

  PROCEDURE mtl_system_items_b(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY mtl_system_items_b_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'NN',
      'NN',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.inventory_item_id) || '~' || TO_CHAR(t.organization_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.inventory_item_id, t.organization_id) AS place
        FROM mtl_system_items_b t
        WHERE
          (t.inventory_item_id, t.organization_id) IN (
            SELECT
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS inventory_item_id,
              TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS organization_id
            FROM TABLE(q.keys) k
          )
          AND t.inventory_item_id >= q.after_number_1
          AND (t.inventory_item_id > q.after_number_1
            OR (t.inventory_item_id = q.after_number_1 AND (t.organization_id > q.after_number_2)))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.inventory_item_id) || '~' || TO_CHAR(t.organization_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.inventory_item_id, t.organization_id) AS place
        FROM mtl_system_items_b t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.inventory_item_id >= q.after_number_1
          AND (t.inventory_item_id > q.after_number_1
            OR (t.inventory_item_id = q.after_number_1 AND (t.organization_id > q.after_number_2)))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.inventory_item_id) || '~' || TO_CHAR(t.organization_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.inventory_item_id, t.organization_id) AS place
        FROM mtl_system_items_b t
        WHERE
          t.inventory_item_id >= q.after_number_1
          AND (t.inventory_item_id > q.after_number_1
            OR (t.inventory_item_id = q.after_number_1 AND (t.organization_id > q.after_number_2)))
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).inventory_item_id := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 1);
        x_rows(i).organization_id := REGEXP_SUBSTR(l_page(i), '[^~]+', 1, 2);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.inventory_item_id) AS inventory_item_id,
        TO_CHAR(t.organization_id) AS organization_id,
        t.segment1,
        t.description,
        t.primary_uom_code,
        t.inventory_item_status_code,
        TO_CHAR(t.list_price_per_unit, 'TM9', c_digits) AS list_price_per_unit,
        TO_CHAR(t.expense_account) AS expense_account,
        t.enabled_flag,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM mtl_system_items_b t
      WHERE (t.inventory_item_id, t.organization_id) IN (
        SELECT
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 1)) AS inventory_item_id,
          TO_NUMBER(REGEXP_SUBSTR(k.column_value, '[^~]+', 1, 2)) AS organization_id
        FROM TABLE(l_page) k
      )
      ORDER BY t.inventory_item_id, t.organization_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END mtl_system_items_b;

  PROCEDURE ra_terms(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ra_terms_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ra_terms t
        WHERE
          t.term_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ra_terms t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.term_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.term_id) AS place
        FROM ra_terms t
        WHERE
          t.term_id > q.after_number_1
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).term_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.term_id) AS term_id,
        t.name,
        t.description,
        TO_CHAR(t.start_date_active, c_mask) AS start_date_active,
        TO_CHAR(t.end_date_active, c_mask) AS end_date_active,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ra_terms t
      WHERE t.term_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.term_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ra_terms;

  PROCEDURE oe_order_headers_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY oe_order_headers_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.header_id) AS place
        FROM oe_order_headers_all t
        WHERE
          t.header_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.header_id) AS place
        FROM oe_order_headers_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.header_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.header_id) AS place
        FROM oe_order_headers_all t
        WHERE
          t.header_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).header_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.header_id) AS header_id,
        TO_CHAR(t.order_number) AS order_number,
        TO_CHAR(t.sold_to_org_id) AS sold_to_org_id,
        TO_CHAR(t.ship_to_org_id) AS ship_to_org_id,
        TO_CHAR(t.invoice_to_org_id) AS invoice_to_org_id,
        t.cust_po_number,
        TO_CHAR(t.ordered_date, c_mask) AS ordered_date,
        t.flow_status_code,
        t.open_flag,
        t.booked_flag,
        t.cancelled_flag,
        TO_CHAR(t.payment_term_id) AS payment_term_id,
        t.transactional_curr_code,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM oe_order_headers_all t
      WHERE t.header_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.header_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END oe_order_headers_all;

  PROCEDURE oe_order_lines_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY oe_order_lines_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_id) AS place
        FROM oe_order_lines_all t
        WHERE
          t.line_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_id) AS place
        FROM oe_order_lines_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.line_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.line_id) AS place
        FROM oe_order_lines_all t
        WHERE
          t.line_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).line_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.line_id) AS line_id,
        TO_CHAR(t.header_id) AS header_id,
        TO_CHAR(t.line_number) AS line_number,
        t.ordered_item,
        TO_CHAR(t.inventory_item_id) AS inventory_item_id,
        TO_CHAR(t.ordered_quantity, 'TM9', c_digits) AS ordered_quantity,
        TO_CHAR(t.unit_selling_price, 'TM9', c_digits) AS unit_selling_price,
        TO_CHAR(t.schedule_ship_date, c_mask) AS schedule_ship_date,
        TO_CHAR(t.promise_date, c_mask) AS promise_date,
        TO_CHAR(t.actual_shipment_date, c_mask) AS actual_shipment_date,
        t.flow_status_code,
        t.open_flag,
        t.cancelled_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM oe_order_lines_all t
      WHERE t.line_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.line_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END oe_order_lines_all;

  PROCEDURE ra_customer_trx_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ra_customer_trx_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.customer_trx_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.customer_trx_id) AS place
        FROM ra_customer_trx_all t
        WHERE
          t.customer_trx_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.customer_trx_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.customer_trx_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.customer_trx_id) AS place
        FROM ra_customer_trx_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.customer_trx_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.customer_trx_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.customer_trx_id) AS place
        FROM ra_customer_trx_all t
        WHERE
          t.customer_trx_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).customer_trx_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.customer_trx_id) AS customer_trx_id,
        t.trx_number,
        TO_CHAR(t.trx_date, c_mask) AS trx_date,
        TO_CHAR(t.bill_to_customer_id) AS bill_to_customer_id,
        TO_CHAR(t.bill_to_site_use_id) AS bill_to_site_use_id,
        TO_CHAR(t.cust_trx_type_id) AS cust_trx_type_id,
        TO_CHAR(t.term_id) AS term_id,
        t.invoice_currency_code,
        t.purchase_order,
        TO_CHAR(t.previous_customer_trx_id) AS previous_customer_trx_id,
        t.status_trx,
        t.interface_header_attribute1,
        t.complete_flag,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ra_customer_trx_all t
      WHERE t.customer_trx_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.customer_trx_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ra_customer_trx_all;

  PROCEDURE ar_payment_schedules_all(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY ar_payment_schedules_all_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.payment_schedule_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.payment_schedule_id) AS place
        FROM ar_payment_schedules_all t
        WHERE
          t.payment_schedule_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
          AND t.payment_schedule_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSIF q.has_range = 'Y' THEN
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.payment_schedule_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.payment_schedule_id) AS place
        FROM ar_payment_schedules_all t
        WHERE
          t.last_update_date BETWEEN q.date_from AND q.date_to
          AND t.payment_schedule_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    ELSE
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          TO_CHAR(t.payment_schedule_id) AS row_key,
          ROW_NUMBER() OVER (ORDER BY t.payment_schedule_id) AS place
        FROM ar_payment_schedules_all t
        WHERE
          t.payment_schedule_id > q.after_number_1
          AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).payment_schedule_id := l_page(i);
      END LOOP;
    ELSE
      SELECT
        TO_CHAR(t.payment_schedule_id) AS payment_schedule_id,
        TO_CHAR(t.customer_trx_id) AS customer_trx_id,
        TO_CHAR(t.cash_receipt_id) AS cash_receipt_id,
        TO_CHAR(t.customer_id) AS customer_id,
        TO_CHAR(t.customer_site_use_id) AS customer_site_use_id,
        t.trx_number,
        t.class,
        t.status,
        TO_CHAR(t.amount_due_original, 'TM9', c_digits) AS amount_due_original,
        TO_CHAR(t.amount_due_remaining, 'TM9', c_digits) AS amount_due_remaining,
        t.invoice_currency_code,
        TO_CHAR(t.due_date, c_mask) AS due_date,
        TO_CHAR(t.term_id) AS term_id,
        TO_CHAR(t.gl_date, c_mask) AS gl_date,
        TO_CHAR(t.org_id) AS org_id,
        TO_CHAR(t.creation_date, c_mask) AS creation_date,
        TO_CHAR(t.created_by) AS created_by,
        TO_CHAR(t.last_update_date, c_mask) AS last_update_date,
        TO_CHAR(t.last_updated_by) AS last_updated_by
      BULK COLLECT INTO x_rows
      FROM ar_payment_schedules_all t
      WHERE t.payment_schedule_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ORDER BY t.payment_schedule_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END ar_payment_schedules_all;

  PROCEDURE page_of_changed_customers(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE a.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT a.cust_account_id
      FROM hz_parties p
      INNER JOIN hz_cust_accounts a ON p.party_id = a.party_id
      WHERE p.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT s.cust_account_id
      FROM hz_cust_acct_sites_all s
      WHERE s.last_update_date BETWEEN q.date_from AND q.date_to
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      UNION
      SELECT s.cust_account_id
      FROM hz_cust_site_uses_all u
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      WHERE u.last_update_date BETWEEN q.date_from AND q.date_to
        AND COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      UNION
      SELECT s.cust_account_id
      FROM hz_party_sites ps
      INNER JOIN hz_cust_acct_sites_all s ON ps.party_site_id = s.party_site_id
      WHERE ps.last_update_date BETWEEN q.date_from AND q.date_to
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      UNION
      SELECT s.cust_account_id
      FROM hz_locations l
      INNER JOIN hz_party_sites ps ON l.location_id = ps.location_id
      INNER JOIN hz_cust_acct_sites_all s ON ps.party_site_id = s.party_site_id
      WHERE l.last_update_date BETWEEN q.date_from AND q.date_to
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      UNION
      SELECT f.cust_account_id
      FROM hz_customer_profiles f
      WHERE f.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT m.cust_account_id
      FROM hz_cust_profile_amts m
      WHERE m.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT f.cust_account_id
      FROM ra_terms t
      INNER JOIN hz_customer_profiles f ON t.term_id = f.standard_terms
      WHERE t.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT s.cust_account_id
      FROM ra_terms t
      INNER JOIN hz_cust_site_uses_all u ON t.term_id = u.payment_term_id
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      WHERE t.last_update_date BETWEEN q.date_from AND q.date_to
        AND COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
    )

    -- A profile may belong to no account: only accounts that exist make rows, and a full page.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(a.cust_account_id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY a.cust_account_id) AS place
      FROM hz_cust_accounts a
      WHERE
        a.cust_account_id IN (SELECT c.id FROM candidates c)
        AND a.cust_account_id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_changed_customers;

  PROCEDURE customers(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY customers_t,
    x_limits OUT NOCOPY customer_limits_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      page_of_given_accounts(q, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_all_accounts(q, l_page);
    ELSE
      page_of_changed_customers(q, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_id := l_page(i);
      END LOOP;
    ELSE
      WITH page AS (
        SELECT
          a.cust_account_id,
          a.account_number,
          a.account_name,
          a.status,
          a.customer_class_code,
          a.customer_type,
          a.party_id,
          a.creation_date,
          a.last_update_date
        FROM hz_cust_accounts a
        WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ),

      site_uses AS (
        SELECT
          s.cust_account_id,
          u.site_use_id,
          u.site_use_code,
          u.org_id,
          l.address1,
          l.address2,
          l.address3,
          l.address4,
          l.city,
          l.county,
          l.state,
          l.province,
          l.postal_code,
          l.country,
          t.name AS terms,
          GREATEST(
            s.last_update_date,
            COALESCE(u.last_update_date, s.last_update_date),
            COALESCE(ps.last_update_date, s.last_update_date),
            COALESCE(l.last_update_date, s.last_update_date),
            COALESCE(t.last_update_date, s.last_update_date)
          ) AS changed,
          ROW_NUMBER() OVER (
            PARTITION BY s.cust_account_id, u.site_use_code
            ORDER BY
              CASE WHEN u.status = 'A' AND s.status = 'A' THEN 0 ELSE 1 END,
              CASE WHEN u.primary_flag = 'Y' THEN 0 ELSE 1 END,
              INSTR(q.units, ',' || u.org_id || ','),
              COALESCE(u.org_id, -1),
              u.site_use_id
          ) AS place
        FROM hz_cust_acct_sites_all s
        LEFT JOIN hz_cust_site_uses_all u ON s.cust_acct_site_id = u.cust_acct_site_id
          AND COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
        LEFT JOIN hz_party_sites ps ON s.party_site_id = ps.party_site_id
        LEFT JOIN hz_locations l ON ps.location_id = l.location_id
        LEFT JOIN ra_terms t ON u.payment_term_id = t.term_id
        WHERE
          s.cust_account_id IN (SELECT g.cust_account_id FROM page g)
          AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      ),

      profiles AS (
        SELECT
          f.cust_account_id,
          f.credit_hold,
          t.name AS terms,
          GREATEST(f.last_update_date, COALESCE(t.last_update_date, f.last_update_date)) AS changed,
          -- The first is that of the account itself: active before inactive, then the oldest.
          CASE WHEN f.site_use_id IS NULL THEN 'Y' ELSE 'N' END AS is_account_level,
          ROW_NUMBER() OVER (
            PARTITION BY f.cust_account_id, CASE WHEN f.site_use_id IS NULL THEN 'Y' ELSE 'N' END
            ORDER BY CASE WHEN f.status = 'A' THEN 0 ELSE 1 END, f.cust_account_profile_id
          ) AS place
        FROM hz_customer_profiles f
        LEFT JOIN ra_terms t ON f.standard_terms = t.term_id
        WHERE f.cust_account_id IN (SELECT g.cust_account_id FROM page g)
      ),

      changes AS (
        SELECT
          c.cust_account_id,
          MAX(c.changed) AS changed
        FROM (
          SELECT
            g.cust_account_id,
            g.last_update_date AS changed
          FROM page g
          UNION ALL
          SELECT
            g.cust_account_id,
            p.last_update_date AS changed
          FROM page g
          INNER JOIN hz_parties p ON g.party_id = p.party_id
          UNION ALL
          SELECT
            u.cust_account_id,
            u.changed
          FROM site_uses u
          UNION ALL
          SELECT
            f.cust_account_id,
            f.changed
          FROM profiles f
          UNION ALL
          SELECT
            m.cust_account_id,
            m.last_update_date AS changed
          FROM hz_cust_profile_amts m
          WHERE m.cust_account_id IN (SELECT g.cust_account_id FROM page g)
        ) c
        GROUP BY c.cust_account_id
      )

      SELECT
        TO_CHAR(a.cust_account_id) AS cust_account_id,
        a.account_number,
        a.account_name,
        a.status,
        a.customer_class_code,
        a.customer_type,
        TO_CHAR(a.party_id) AS party_id,
        p.party_number,
        p.party_name,
        p.party_type,
        p.status AS party_status,
        p.email_address AS email,
        p.primary_phone_country_code AS phone_country_code,
        p.primary_phone_area_code AS phone_area_code,
        p.primary_phone_number AS phone_number,
        p.primary_phone_extension AS phone_extension,
        p.url,
        COALESCE(p.tax_reference, p.jgzz_fiscal_code) AS tax_reference,
        TO_CHAR(a.creation_date, c_mask) AS creation_date,
        TO_CHAR(b.site_use_id) AS site_use_id,
        TO_CHAR(b.org_id) AS org_id,
        b.address1,
        b.address2,
        b.address3,
        b.address4,
        b.city,
        b.county,
        b.state,
        b.province,
        b.postal_code,
        b.country,
        COALESCE(f.terms, b.terms) AS terms,
        CASE WHEN f.credit_hold IN ('Y', 'N') THEN f.credit_hold END AS credit_hold,
        TO_CHAR(c.changed, c_mask) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM page a
      INNER JOIN changes c ON a.cust_account_id = c.cust_account_id
      LEFT JOIN hz_parties p ON a.party_id = p.party_id
      LEFT JOIN site_uses b
        ON
          a.cust_account_id = b.cust_account_id
          AND b.site_use_code = 'BILL_TO'
          AND b.place = 1
      LEFT JOIN profiles f
        ON
          a.cust_account_id = f.cust_account_id
          AND f.is_account_level = 'Y'
          AND f.place = 1
      ORDER BY a.cust_account_id;

      SELECT
        TO_CHAR(m.cust_account_id) AS cust_account_id,
        m.currency_code,
        TO_CHAR(m.overall_credit_limit, 'TM9', c_digits) AS overall_credit_limit,
        TO_CHAR(m.trx_credit_limit, 'TM9', c_digits) AS trx_credit_limit
      BULK COLLECT INTO x_limits
      FROM hz_cust_profile_amts m
      WHERE
        m.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
        AND m.site_use_id IS NULL
        AND m.currency_code IS NOT NULL
      ORDER BY m.cust_account_id, NLSSORT(m.currency_code, 'NLS_SORT=BINARY'), m.cust_acct_profile_amt_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      x_limits.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      x_limits.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END customers;

  PROCEDURE page_of_given_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE
        r.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
        AND r.role_type = 'CONTACT'
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_given_contacts;

  PROCEDURE page_of_all_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE r.role_type = 'CONTACT' AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_all_contacts;

  PROCEDURE page_of_changed_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH touched AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      WHERE r.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT r.cust_account_role_id
      FROM hz_cust_accounts a
      INNER JOIN hz_cust_account_roles r ON a.cust_account_id = r.cust_account_id
      WHERE a.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT r.cust_account_role_id
      FROM hz_cust_acct_sites_all s
      INNER JOIN hz_cust_account_roles r ON s.cust_acct_site_id = r.cust_acct_site_id
      WHERE s.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT r.cust_account_role_id
      FROM hz_relationships h
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE h.last_update_date BETWEEN q.date_from AND q.date_to AND h.subject_type = 'PERSON'
      UNION
      SELECT r.cust_account_role_id
      FROM hz_org_contacts o
      INNER JOIN hz_relationships h ON o.party_relationship_id = h.relationship_id
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE o.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT r.cust_account_role_id
      FROM hz_parties p
      INNER JOIN hz_cust_account_roles r ON p.party_id = r.party_id
      WHERE p.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT r.cust_account_role_id
      FROM hz_parties p
      INNER JOIN hz_relationships h ON p.party_id = h.subject_id
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE p.last_update_date BETWEEN q.date_from AND q.date_to AND h.subject_type = 'PERSON'
      UNION
      SELECT r.cust_account_role_id
      FROM hz_contact_points c
      INNER JOIN hz_cust_account_roles r ON c.owner_table_id = r.party_id
      WHERE c.last_update_date BETWEEN q.date_from AND q.date_to AND c.owner_table_name = 'HZ_PARTIES'
    ),

    candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE
        r.cust_account_role_id IN (SELECT t.id FROM touched t)
        AND r.role_type = 'CONTACT'
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_changed_contacts;

  PROCEDURE customer_contacts(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY customer_contacts_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
    );

    IF q.keys IS NOT NULL THEN
      page_of_given_contacts(q, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_all_contacts(q, l_page);
    ELSE
      page_of_changed_contacts(q, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_role_id := l_page(i);
      END LOOP;
    ELSE
      WITH page AS (
        SELECT
          r.cust_account_role_id,
          r.cust_account_id,
          r.cust_acct_site_id,
          r.party_id,
          r.status,
          r.creation_date,
          r.last_update_date,
          a.account_number,
          a.status AS account_status,
          a.party_id AS account_party_id,
          a.last_update_date AS account_changed,
          s.org_id,
          s.last_update_date AS site_changed
        FROM hz_cust_account_roles r
        LEFT JOIN hz_cust_accounts a ON r.cust_account_id = a.cust_account_id
        LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
        WHERE r.cust_account_role_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ),

      -- Each relationship has a row per direction: the one whose subject is the person counts.
      relationships AS (
        SELECT
          g.cust_account_role_id,
          h.relationship_id,
          h.subject_id,
          h.status,
          h.last_update_date,
          ROW_NUMBER() OVER (
            PARTITION BY g.cust_account_role_id
            ORDER BY
              CASE WHEN h.object_id = g.account_party_id THEN 0 ELSE 1 END,
              h.relationship_id,
              h.directional_flag
          ) AS place
        FROM page g
        INNER JOIN hz_relationships h ON g.party_id = h.party_id
        WHERE h.subject_type = 'PERSON'
      ),

      titles AS (
        SELECT
          h.cust_account_role_id,
          o.job_title,
          o.contact_number,
          o.last_update_date,
          ROW_NUMBER() OVER (PARTITION BY h.cust_account_role_id ORDER BY o.org_contact_id) AS place
        FROM relationships h
        INNER JOIN hz_org_contacts o ON h.relationship_id = o.party_relationship_id
        WHERE h.place = 1
      ),

      points AS (
        SELECT
          c.contact_point_id,
          c.owner_table_id AS party_id,
          c.contact_point_type,
          c.email_address,
          c.phone_country_code,
          c.phone_area_code,
          c.phone_number,
          c.phone_extension,
          c.last_update_date,
          CASE
            WHEN c.status <> 'A' OR c.status IS NULL THEN 'N'
            WHEN c.contact_point_type = 'EMAIL' AND c.email_address IS NOT NULL THEN 'E'
            WHEN
              c.contact_point_type = 'PHONE'
              AND c.phone_number IS NOT NULL
              AND COALESCE(c.phone_line_type, 'GEN') <> 'FAX' THEN 'P'
            ELSE 'N'
          END AS use_as,
          CASE WHEN c.primary_flag = 'Y' THEN 0 ELSE 1 END AS preference
        FROM hz_contact_points c
        WHERE
          c.owner_table_name = 'HZ_PARTIES'
          AND c.owner_table_id IN (SELECT g.party_id FROM page g)
      ),

      best_points AS (
        SELECT
          c.party_id,
          c.use_as,
          c.email_address,
          c.phone_country_code,
          c.phone_area_code,
          c.phone_number,
          c.phone_extension,
          ROW_NUMBER() OVER (
            PARTITION BY c.party_id, c.use_as
            ORDER BY c.preference, c.contact_point_id
          ) AS place
        FROM points c
      ),

      point_changes AS (
        SELECT
          c.party_id,
          MAX(c.last_update_date) AS changed
        FROM points c
        GROUP BY c.party_id
      )

      SELECT
        TO_CHAR(r.cust_account_role_id) AS cust_account_role_id,
        TO_CHAR(r.cust_account_id) AS cust_account_id,
        r.account_number,
        r.account_status,
        TO_CHAR(r.cust_acct_site_id) AS cust_acct_site_id,
        TO_CHAR(r.org_id) AS org_id,
        TO_CHAR(r.party_id) AS party_id,
        TO_CHAR(h.subject_id) AS person_party_id,
        t.contact_number,
        n.person_first_name AS first_name,
        n.person_last_name AS last_name,
        n.party_name AS name,
        t.job_title,
        COALESCE(e.email_address, p.email_address) AS email,
        CASE WHEN f.place = 1 THEN f.phone_country_code ELSE p.primary_phone_country_code END
        AS phone_country_code,
        CASE WHEN f.place = 1 THEN f.phone_area_code ELSE p.primary_phone_area_code END
        AS phone_area_code,
        CASE WHEN f.place = 1 THEN f.phone_number ELSE p.primary_phone_number END
        AS phone_number,
        CASE WHEN f.place = 1 THEN f.phone_extension ELSE p.primary_phone_extension END
        AS phone_extension,
        r.status AS role_status,
        h.status AS relationship_status,
        CASE WHEN r.status = 'A' AND h.status = 'A' THEN 'A' ELSE 'I' END AS status,
        TO_CHAR(r.creation_date, c_mask) AS creation_date,
        TO_CHAR(GREATEST(
          r.last_update_date,
          COALESCE(r.account_changed, r.last_update_date),
          COALESCE(r.site_changed, r.last_update_date),
          COALESCE(h.last_update_date, r.last_update_date),
          COALESCE(t.last_update_date, r.last_update_date),
          COALESCE(p.last_update_date, r.last_update_date),
          COALESCE(n.last_update_date, r.last_update_date),
          COALESCE(d.changed, r.last_update_date)
        ), c_mask) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM page r
      LEFT JOIN relationships h ON r.cust_account_role_id = h.cust_account_role_id AND h.place = 1
      LEFT JOIN titles t ON r.cust_account_role_id = t.cust_account_role_id AND t.place = 1
      LEFT JOIN hz_parties p ON r.party_id = p.party_id
      LEFT JOIN hz_parties n ON h.subject_id = n.party_id
      LEFT JOIN best_points e ON r.party_id = e.party_id AND e.use_as = 'E' AND e.place = 1
      LEFT JOIN best_points f ON r.party_id = f.party_id AND f.use_as = 'P' AND f.place = 1
      LEFT JOIN point_changes d ON r.party_id = d.party_id
      ORDER BY r.cust_account_role_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END customer_contacts;

  PROCEDURE page_of_changed_summaries(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    -- Accounts behind which a row changed, or whose documents passed an edge of a time window.
    changed_accounts AS (
      SELECT g.code_combination_id
      FROM gl_code_combinations g
      WHERE
        o.validate_gl = 'Y'
        AND (
          g.last_update_date BETWEEN q.date_from AND q.date_to
          OR (g.start_date_active > o.crossed_from AND g.start_date_active <= o.crossed_to)
          OR (LEAST(g.end_date_active, DATE '9999-12-30') + 1 > o.crossed_from
            AND LEAST(g.end_date_active, DATE '9999-12-30') + 1 <= o.crossed_to)
        )
    ),

    changed_uses AS (
      SELECT u.site_use_id
      FROM hz_cust_site_uses_all u
      WHERE o.validate_gl = 'Y' AND o.sales = 'Y' AND u.last_update_date BETWEEN q.date_from AND q.date_to
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
        AND r.last_update_date BETWEEN q.date_from AND q.date_to
      GROUP BY r.from_currency
    ),

    changed_orders AS (
      SELECT h.po_header_id
      FROM po_headers_all h
      WHERE o.purchasing = 'Y' AND h.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT l.po_header_id
      FROM po_lines_all l
      WHERE o.purchasing = 'Y' AND l.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT s.po_header_id
      FROM po_line_locations_all s
      WHERE o.purchasing = 'Y' AND s.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT d.po_header_id
      FROM po_distributions_all d
      WHERE o.purchasing = 'Y' AND o.validate_gl = 'Y' AND d.last_update_date BETWEEN q.date_from
        AND q.date_to
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
          i.last_update_date BETWEEN q.date_from AND q.date_to
          OR (i.invoice_date > o.crossed_from - o.recent_days
            AND i.invoice_date <= o.crossed_to - o.recent_days)
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
          s.last_update_date BETWEEN q.date_from AND q.date_to
          OR (s.amount_remaining <> 0 AND s.due_date >= o.crossed_from AND s.due_date < o.crossed_to)
        )
      UNION
      SELECT d.invoice_id
      FROM ap_invoice_distributions_all d
      WHERE o.purchasing = 'Y' AND o.validate_gl = 'Y' AND d.last_update_date BETWEEN q.date_from
        AND q.date_to
      UNION
      SELECT d.invoice_id
      FROM ap_invoice_distributions_all d
      WHERE
        o.purchasing = 'Y'
        AND d.dist_code_combination_id IN (SELECT c.code_combination_id FROM changed_accounts c)
      UNION
      SELECT i.invoice_id
      FROM changed_rates r
      INNER JOIN ap_invoices_all i ON r.from_currency = i.invoice_currency_code
        AND r.first_day <= i.invoice_date
      WHERE o.purchasing = 'Y'
    ),

    changed_sales AS (
      SELECT h.header_id
      FROM oe_order_headers_all h
      WHERE o.sales = 'Y' AND h.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT l.header_id
      FROM oe_order_lines_all l
      WHERE o.sales = 'Y' AND l.last_update_date BETWEEN q.date_from AND q.date_to
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
          t.last_update_date BETWEEN q.date_from AND q.date_to
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
          s.last_update_date BETWEEN q.date_from AND q.date_to
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
      INNER JOIN ra_customer_trx_all t ON r.from_currency = t.invoice_currency_code
        AND r.first_day <= t.trx_date
      WHERE o.sales = 'Y'
    ),

    changed_parties AS (
      SELECT v.party_id
      FROM po_vendors v
      WHERE o.purchasing = 'Y'
        AND (v.last_update_date BETWEEN q.date_from AND q.date_to
        OR (v.end_date_active > o.crossed_from AND v.end_date_active <= o.crossed_to))
      UNION
      SELECT v.party_id
      FROM po_vendor_sites_all s
      INNER JOIN po_vendors v ON s.vendor_id = v.vendor_id
      WHERE o.purchasing = 'Y'
        AND (s.last_update_date BETWEEN q.date_from AND q.date_to
        OR (s.inactive_date > o.crossed_from AND s.inactive_date <= o.crossed_to))
        AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
      UNION
      SELECT v.party_id
      FROM po_headers_all h
      INNER JOIN po_vendors v ON h.vendor_id = v.vendor_id
      WHERE h.po_header_id IN (SELECT c.po_header_id FROM changed_orders c)
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT COALESCE(i.party_id, v.party_id) AS party_id
      FROM ap_invoices_all i
      LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
      WHERE i.invoice_id IN (SELECT c.invoice_id FROM changed_invoices c)
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
    ),

    touched AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE a.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT a.cust_account_id
      FROM changed_parties c
      INNER JOIN hz_cust_accounts a ON c.party_id = a.party_id
      UNION
      SELECT h.sold_to_org_id
      FROM oe_order_headers_all h
      WHERE h.header_id IN (SELECT c.header_id FROM changed_sales c)
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT t.bill_to_customer_id
      FROM ra_customer_trx_all t
      WHERE t.customer_trx_id IN (SELECT c.customer_trx_id FROM changed_transactions c)
        AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
    ),

    candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE a.cust_account_id IN (SELECT t.id FROM touched t)
    )

    -- One page of the candidates' ids, in order, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(c.id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY c.id) AS place
      FROM candidates c
      WHERE c.id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
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
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
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
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
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
      WHERE i.party_id IS NULL AND i.cancelled_date IS NULL
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
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
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
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
        AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
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
      SELECT
        'purchase_order' AS document_type,
        d.po_header_id AS document_id,
        d.po_distribution_id AS line_id,
        1 AS line_place,
        d.code_combination_id,
        o.as_of AS judged_on
      FROM po_distributions_all d
      WHERE d.po_header_id IN (SELECT h.document_id FROM purchase_orders h)
      UNION ALL
      SELECT
        'supplier_invoice' AS document_type,
        d.invoice_id AS document_id,
        d.invoice_distribution_id AS line_id,
        1 AS line_place,
        d.dist_code_combination_id AS code_combination_id,
        COALESCE(d.accounting_date, i.invoice_date, o.as_of) AS judged_on
      FROM ap_invoice_distributions_all d
      INNER JOIN ap_invoices_all i ON d.invoice_id = i.invoice_id
      WHERE d.invoice_id IN (SELECT x.document_id FROM invoices x)
      UNION ALL
      SELECT
        'sales_order' AS document_type,
        h.document_id,
        u.site_use_id AS line_id,
        1 AS line_place,
        u.gl_id_rec AS code_combination_id,
        o.as_of AS judged_on
      FROM sales_orders h
      INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
      UNION ALL
      SELECT
        'sales_order' AS document_type,
        h.document_id,
        u.site_use_id AS line_id,
        2 AS line_place,
        u.gl_id_rev AS code_combination_id,
        o.as_of AS judged_on
      FROM sales_orders h
      INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
      UNION ALL
      SELECT
        'receivable' AS document_type,
        t.document_id,
        u.site_use_id AS line_id,
        1 AS line_place,
        u.gl_id_rec AS code_combination_id,
        o.as_of AS judged_on
      FROM transactions t
      INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
      INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
      WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
      UNION ALL
      SELECT
        'receivable' AS document_type,
        t.document_id,
        u.site_use_id AS line_id,
        2 AS line_place,
        u.gl_id_rev AS code_combination_id,
        o.as_of AS judged_on
      FROM transactions t
      INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
      INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
      WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
    ),

    judged AS (
      SELECT
        c.document_type,
        c.document_id,
        c.line_id,
        c.line_place,
        c.code_combination_id,
        CASE
          WHEN g.code_combination_id IS NULL THEN 'is unknown'
          WHEN COALESCE(g.enabled_flag, 'N') <> 'Y' THEN 'is disabled'
          WHEN COALESCE(g.summary_flag, 'Y') <> 'N' THEN 'is a summary account'
          WHEN g.template_id IS NOT NULL THEN 'is a template account'
          WHEN g.detail_posting_allowed_flag = 'N' THEN 'allows no detail posting'
          WHEN g.start_date_active > c.judged_on OR c.judged_on - g.end_date_active >= 1
            THEN 'is not active on ' || TO_CHAR(c.judged_on, 'YYYY-MM-DD')
        END AS fault
      FROM charges c
      LEFT JOIN gl_code_combinations g ON c.code_combination_id = g.code_combination_id
      WHERE o.validate_gl = 'Y' AND c.code_combination_id IS NOT NULL
    ),

    faults AS (
      SELECT
        j.document_type,
        j.document_id,
        j.line_id,
        j.code_combination_id,
        'account ' || TO_CHAR(j.code_combination_id) || ' ' || j.fault AS reason,
        ROW_NUMBER() OVER (
          PARTITION BY j.document_type, j.document_id
          ORDER BY j.line_id, j.line_place
        ) AS place
      FROM judged j
      WHERE j.fault IS NOT NULL
    ),

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
        CASE WHEN d.kind = 'I'
          AND d.document_date > o.as_of - o.recent_days THEN 'Y' ELSE 'N' END AS is_recent,
        CASE WHEN d.kind = 'I' AND d.balance > 0
          AND d.second_date < o.as_of THEN 'Y' ELSE 'N' END AS is_overdue,
        CASE
          WHEN d.kind = 'I' AND d.document_date > ADD_MONTHS(o.as_of, -12) THEN 'Y' ELSE 'N'
        END AS is_of_year
      FROM all_documents d
      LEFT JOIN faults f ON d.document_type = f.document_type AND d.document_id = f.document_id
        AND f.place = 1
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
            INSTR(q.units, ',' || s.org_id || ','),
            s.vendor_site_id
        ) AS place
      FROM suppliers v
      INNER JOIN po_vendor_sites_all s ON v.vendor_id = s.vendor_id
      WHERE v.place = 1 AND COALESCE(INSTR(q.units, ',' || s.org_id || ','), 1) > 0
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
    ),

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
          ELSE TO_CHAR(COALESCE(s.order_amount, 0), 'TM9', c_digits)
        END AS text_04,
        TO_CHAR(COALESCE(s.recent_count, 0)) AS text_05,
        TO_CHAR(COALESCE(s.overdue_count, 0)) AS text_06,
        CASE
          WHEN s.has_one_currency = 'N' OR s.overdue_known < s.overdue_count THEN NULL
          ELSE TO_CHAR(COALESCE(s.overdue_amount, 0), 'TM9', c_digits)
        END AS text_07,
        CASE
          WHEN s.has_one_currency = 'N' OR s.balance_known < s.invoice_count THEN NULL
          ELSE TO_CHAR(COALESCE(s.balance, 0), 'TM9', c_digits)
        END AS text_08,
        CASE
          WHEN s.has_one_currency = 'N' OR s.year_known < s.year_count THEN NULL
          ELSE TO_CHAR(COALESCE(s.year_amount, 0), 'TM9', c_digits)
        END AS text_09,
        CASE
          WHEN s.has_one_currency = 'N' OR s.invoice_known < s.invoice_count THEN NULL
          ELSE TO_CHAR(COALESCE(s.invoice_amount, 0), 'TM9', c_digits)
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
        TO_CHAR(SUM(CASE WHEN c.kind = 'O' THEN c.amount ELSE 0 END), 'TM9', c_digits) AS text_02,
        TO_CHAR(SUM(CASE WHEN c.is_overdue = 'Y' THEN c.balance ELSE 0 END), 'TM9', c_digits) AS text_03,
        TO_CHAR(SUM(CASE WHEN c.kind = 'I' THEN c.balance ELSE 0 END), 'TM9', c_digits) AS text_04,
        TO_CHAR(SUM(CASE WHEN c.is_of_year = 'Y' THEN c.amount ELSE 0 END), 'TM9', c_digits) AS text_05,
        TO_CHAR(SUM(CASE WHEN c.kind = 'I' THEN c.amount ELSE 0 END), 'TM9', c_digits) AS text_06,
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
        TO_CHAR(d.document_date, c_mask) AS text_05,
        TO_CHAR(d.second_date, c_mask) AS text_06,
        TO_CHAR(d.amount, 'TM9', c_digits) AS text_07,
        TO_CHAR(d.balance, 'TM9', c_digits) AS text_08,
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
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    p_crossed_from IN VARCHAR2 DEFAULT NULL,
    p_crossed_to IN VARCHAR2 DEFAULT NULL,
    p_as_of IN VARCHAR2 DEFAULT NULL,
    p_orders_from IN VARCHAR2 DEFAULT NULL,
    p_recent_days IN VARCHAR2 DEFAULT NULL,
    p_currency IN VARCHAR2 DEFAULT NULL,
    p_rate_type IN VARCHAR2 DEFAULT NULL,
    p_document_limit IN VARCHAR2 DEFAULT NULL,
    p_validate_gl IN VARCHAR2 DEFAULT NULL,
    p_po_types IN VARCHAR2 DEFAULT NULL,
    p_po_statuses IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY customer_summaries_t,
    x_amounts OUT NOCOPY summary_amounts_t,
    x_orders OUT NOCOPY summary_orders_t,
    x_invoices OUT NOCOPY summary_invoices_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
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
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
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

  PROCEDURE page_of_given_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
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
      WHERE o.purchasing = 'Y' AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT
        'supplier_invoice' AS document_type,
        i.invoice_id AS document_id
      FROM accounts a
      INNER JOIN ap_invoices_all i ON a.party_id = i.party_id
      WHERE o.purchasing = 'Y' AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
      UNION
      SELECT
        'supplier_invoice' AS document_type,
        i.invoice_id AS document_id
      FROM accounts a
      INNER JOIN po_vendors v ON a.party_id = v.party_id
      INNER JOIN ap_invoices_all i ON v.vendor_id = i.vendor_id
      WHERE o.purchasing = 'Y' AND i.party_id IS NULL
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
      UNION
      SELECT
        'sales_order' AS document_type,
        h.header_id AS document_id
      FROM accounts a
      INNER JOIN oe_order_headers_all h ON a.cust_account_id = h.sold_to_org_id
      WHERE o.sales = 'Y' AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT
        'receivable' AS document_type,
        t.customer_trx_id AS document_id
      FROM accounts a
      INNER JOIN ra_customer_trx_all t ON a.cust_account_id = t.bill_to_customer_id
      WHERE o.sales = 'Y' AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      UNION
      SELECT
        'site_use' AS document_type,
        u.site_use_id AS document_id
      FROM accounts a
      INNER JOIN hz_cust_acct_sites_all s ON a.cust_account_id = s.cust_account_id
      INNER JOIN hz_cust_site_uses_all u ON s.cust_acct_site_id = u.cust_acct_site_id
      WHERE COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
    )

    -- One page of the candidates by kind and id, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        c.document_type || '~' || TO_CHAR(c.document_id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY NLSSORT(c.document_type, 'NLS_SORT=BINARY'), c.document_id) AS place
      FROM candidates c
      WHERE
        NLSSORT(c.document_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
        OR (c.document_type = q.after_text_1 AND c.document_id > q.after_number_2)
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_given_exclusions;

  PROCEDURE page_of_failing_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
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
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
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
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
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
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
        AND h.sold_to_org_id IN (SELECT a.cust_account_id FROM hz_cust_accounts a)
    ),

    transactions AS (
      SELECT t.customer_trx_id AS document_id
      FROM ra_customer_trx_all t
      WHERE
        o.sales = 'Y'
        AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
        AND t.bill_to_customer_id IN (SELECT a.cust_account_id FROM hz_cust_accounts a)
    ),

    site_uses AS (
      SELECT u.site_use_id AS document_id
      FROM hz_cust_site_uses_all u
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      INNER JOIN hz_cust_accounts a ON s.cust_account_id = a.cust_account_id
      WHERE COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
    ),

    charges AS (
      SELECT
        'purchase_order' AS document_type,
        d.po_header_id AS document_id,
        d.po_distribution_id AS line_id,
        1 AS line_place,
        d.code_combination_id,
        o.as_of AS judged_on
      FROM po_distributions_all d
      WHERE d.po_header_id IN (SELECT h.document_id FROM purchase_orders h)
      UNION ALL
      SELECT
        'supplier_invoice' AS document_type,
        d.invoice_id AS document_id,
        d.invoice_distribution_id AS line_id,
        1 AS line_place,
        d.dist_code_combination_id AS code_combination_id,
        COALESCE(d.accounting_date, i.invoice_date, o.as_of) AS judged_on
      FROM ap_invoice_distributions_all d
      INNER JOIN ap_invoices_all i ON d.invoice_id = i.invoice_id
      WHERE d.invoice_id IN (SELECT x.document_id FROM invoices x)
      UNION ALL
      SELECT
        'sales_order' AS document_type,
        h.document_id,
        u.site_use_id AS line_id,
        1 AS line_place,
        u.gl_id_rec AS code_combination_id,
        o.as_of AS judged_on
      FROM sales_orders h
      INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
      UNION ALL
      SELECT
        'sales_order' AS document_type,
        h.document_id,
        u.site_use_id AS line_id,
        2 AS line_place,
        u.gl_id_rev AS code_combination_id,
        o.as_of AS judged_on
      FROM sales_orders h
      INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
      UNION ALL
      SELECT
        'receivable' AS document_type,
        t.document_id,
        u.site_use_id AS line_id,
        1 AS line_place,
        u.gl_id_rec AS code_combination_id,
        o.as_of AS judged_on
      FROM transactions t
      INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
      INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
      WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
      UNION ALL
      SELECT
        'receivable' AS document_type,
        t.document_id,
        u.site_use_id AS line_id,
        2 AS line_place,
        u.gl_id_rev AS code_combination_id,
        o.as_of AS judged_on
      FROM transactions t
      INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
      INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
      WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
      UNION ALL
      SELECT
        'site_use' AS document_type,
        u.site_use_id AS document_id,
        u.site_use_id AS line_id,
        1 AS line_place,
        u.gl_id_rec AS code_combination_id,
        o.as_of AS judged_on
      FROM hz_cust_site_uses_all u
      WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
      UNION ALL
      SELECT
        'site_use' AS document_type,
        u.site_use_id AS document_id,
        u.site_use_id AS line_id,
        2 AS line_place,
        u.gl_id_rev AS code_combination_id,
        o.as_of AS judged_on
      FROM hz_cust_site_uses_all u
      WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
    ),

    judged AS (
      SELECT
        c.document_type,
        c.document_id,
        c.line_id,
        c.line_place,
        c.code_combination_id,
        CASE
          WHEN g.code_combination_id IS NULL THEN 'is unknown'
          WHEN COALESCE(g.enabled_flag, 'N') <> 'Y' THEN 'is disabled'
          WHEN COALESCE(g.summary_flag, 'Y') <> 'N' THEN 'is a summary account'
          WHEN g.template_id IS NOT NULL THEN 'is a template account'
          WHEN g.detail_posting_allowed_flag = 'N' THEN 'allows no detail posting'
          WHEN g.start_date_active > c.judged_on OR c.judged_on - g.end_date_active >= 1
            THEN 'is not active on ' || TO_CHAR(c.judged_on, 'YYYY-MM-DD')
        END AS fault
      FROM charges c
      LEFT JOIN gl_code_combinations g ON c.code_combination_id = g.code_combination_id
      WHERE o.validate_gl = 'Y' AND c.code_combination_id IS NOT NULL
    ),

    faults AS (
      SELECT
        j.document_type,
        j.document_id,
        j.line_id,
        j.code_combination_id,
        'account ' || TO_CHAR(j.code_combination_id) || ' ' || j.fault AS reason,
        ROW_NUMBER() OVER (
          PARTITION BY j.document_type, j.document_id
          ORDER BY j.line_id, j.line_place
        ) AS place
      FROM judged j
      WHERE j.fault IS NOT NULL
    ),

    candidates AS (
      SELECT
        f.document_type,
        f.document_id
      FROM faults f
      WHERE f.place = 1
    )

    -- One page of the candidates by kind and id, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        c.document_type || '~' || TO_CHAR(c.document_id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY NLSSORT(c.document_type, 'NLS_SORT=BINARY'), c.document_id) AS place
      FROM candidates c
      WHERE
        NLSSORT(c.document_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
        OR (c.document_type = q.after_text_1 AND c.document_id > q.after_number_2)
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_failing_exclusions;

  PROCEDURE page_of_changed_exclusions(
    q IN request_r,
    o IN options_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH
    -- Documents whose own header, distributions, site use or accounts changed, and that concern a customer.
    changed_accounts AS (
      SELECT g.code_combination_id
      FROM gl_code_combinations g
      WHERE
        o.validate_gl = 'Y'
        AND (
          g.last_update_date BETWEEN q.date_from AND q.date_to
          OR (g.start_date_active > o.crossed_from AND g.start_date_active <= o.crossed_to)
          OR (LEAST(g.end_date_active, DATE '9999-12-30') + 1 > o.crossed_from
            AND LEAST(g.end_date_active, DATE '9999-12-30') + 1 <= o.crossed_to)
        )
    ),

    changed_uses AS (
      SELECT u.site_use_id
      FROM hz_cust_site_uses_all u
      WHERE u.last_update_date BETWEEN q.date_from AND q.date_to
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
      WHERE o.purchasing = 'Y' AND h.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT d.po_header_id
      FROM po_distributions_all d
      WHERE o.purchasing = 'Y' AND d.last_update_date BETWEEN q.date_from AND q.date_to
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
      WHERE o.purchasing = 'Y' AND i.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT d.invoice_id
      FROM ap_invoice_distributions_all d
      WHERE o.purchasing = 'Y' AND d.last_update_date BETWEEN q.date_from AND q.date_to
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
      WHERE o.sales = 'Y' AND t.last_update_date BETWEEN q.date_from AND q.date_to
      UNION
      SELECT s.customer_trx_id
      FROM ar_payment_schedules_all s
      WHERE
        o.sales = 'Y'
        AND s.class IN ('INV', 'DM', 'CM', 'CB')
        AND (s.last_update_date BETWEEN q.date_from AND q.date_to
          OR s.customer_site_use_id IN (SELECT c.site_use_id FROM changed_uses c))
    ),

    candidates AS (
      SELECT
        'purchase_order' AS document_type,
        h.po_header_id AS document_id
      FROM po_headers_all h
      INNER JOIN po_vendors v ON h.vendor_id = v.vendor_id
      INNER JOIN hz_cust_accounts a ON v.party_id = a.party_id
      WHERE h.po_header_id IN (SELECT c.po_header_id FROM changed_orders c)
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT
        'supplier_invoice' AS document_type,
        i.invoice_id AS document_id
      FROM ap_invoices_all i
      LEFT JOIN po_vendors v ON i.vendor_id = v.vendor_id
      INNER JOIN hz_cust_accounts a ON a.party_id = COALESCE(i.party_id, v.party_id)
      WHERE i.invoice_id IN (SELECT c.invoice_id FROM changed_invoices c)
        AND COALESCE(INSTR(q.units, ',' || i.org_id || ','), 1) > 0
      UNION
      SELECT
        'sales_order' AS document_type,
        h.header_id AS document_id
      FROM oe_order_headers_all h
      INNER JOIN hz_cust_accounts a ON h.sold_to_org_id = a.cust_account_id
      WHERE
        o.sales = 'Y'
        AND (h.last_update_date BETWEEN q.date_from AND q.date_to
          OR h.invoice_to_org_id IN (SELECT c.site_use_id FROM changed_uses c))
        AND COALESCE(INSTR(q.units, ',' || h.org_id || ','), 1) > 0
      UNION
      SELECT
        'receivable' AS document_type,
        t.customer_trx_id AS document_id
      FROM ra_customer_trx_all t
      INNER JOIN hz_cust_accounts a ON t.bill_to_customer_id = a.cust_account_id
      WHERE t.customer_trx_id IN (SELECT c.customer_trx_id FROM changed_transactions c)
        AND COALESCE(INSTR(q.units, ',' || t.org_id || ','), 1) > 0
      UNION
      SELECT
        'site_use' AS document_type,
        u.site_use_id AS document_id
      FROM hz_cust_site_uses_all u
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      INNER JOIN hz_cust_accounts a ON s.cust_account_id = a.cust_account_id
      WHERE u.site_use_id IN (SELECT c.site_use_id FROM changed_uses c)
        AND COALESCE(INSTR(q.units, ',' || u.org_id || ','), 1) > 0
    )

    -- One page of the candidates by kind and id, and the row after it.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        c.document_type || '~' || TO_CHAR(c.document_id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY NLSSORT(c.document_type, 'NLS_SORT=BINARY'), c.document_id) AS place
      FROM candidates c
      WHERE
        NLSSORT(c.document_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
        OR (c.document_type = q.after_text_1 AND c.document_id > q.after_number_2)
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_changed_exclusions;

  PROCEDURE customer_exclusions(
    p_last_update_from IN VARCHAR2 DEFAULT NULL,
    p_last_update_to IN VARCHAR2 DEFAULT NULL,
    p_last_key IN VARCHAR2 DEFAULT NULL,
    p_limit IN VARCHAR2 DEFAULT NULL,
    p_offset IN VARCHAR2 DEFAULT NULL,
    p_org_id IN VARCHAR2 DEFAULT NULL,
    p_keys IN VARCHAR2 DEFAULT NULL,
    p_keys_only IN VARCHAR2 DEFAULT NULL,
    p_crossed_from IN VARCHAR2 DEFAULT NULL,
    p_crossed_to IN VARCHAR2 DEFAULT NULL,
    p_as_of IN VARCHAR2 DEFAULT NULL,
    p_orders_from IN VARCHAR2 DEFAULT NULL,
    p_validate_gl IN VARCHAR2 DEFAULT NULL,
    p_po_types IN VARCHAR2 DEFAULT NULL,
    p_po_statuses IN VARCHAR2 DEFAULT NULL,
    x_rows OUT NOCOPY customer_exclusions_t,
    x_return_status OUT NOCOPY VARCHAR2,
    x_msg_data OUT NOCOPY VARCHAR2,
    x_has_more OUT NOCOPY VARCHAR2,
    x_server_time OUT NOCOPY VARCHAR2
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
      p_last_update_from,
      p_last_update_to,
      p_last_key,
      p_limit,
      p_offset,
      p_org_id,
      p_keys,
      p_keys_only
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
        SELECT
          'purchase_order' AS document_type,
          d.po_header_id AS document_id,
          d.po_distribution_id AS line_id,
          1 AS line_place,
          d.code_combination_id,
          o.as_of AS judged_on
        FROM po_distributions_all d
        WHERE d.po_header_id IN (SELECT h.document_id FROM purchase_orders h)
        UNION ALL
        SELECT
          'supplier_invoice' AS document_type,
          d.invoice_id AS document_id,
          d.invoice_distribution_id AS line_id,
          1 AS line_place,
          d.dist_code_combination_id AS code_combination_id,
          COALESCE(d.accounting_date, i.invoice_date, o.as_of) AS judged_on
        FROM ap_invoice_distributions_all d
        INNER JOIN ap_invoices_all i ON d.invoice_id = i.invoice_id
        WHERE d.invoice_id IN (SELECT x.document_id FROM invoices x)
        UNION ALL
        SELECT
          'sales_order' AS document_type,
          h.document_id,
          u.site_use_id AS line_id,
          1 AS line_place,
          u.gl_id_rec AS code_combination_id,
          o.as_of AS judged_on
        FROM sales_orders h
        INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
        UNION ALL
        SELECT
          'sales_order' AS document_type,
          h.document_id,
          u.site_use_id AS line_id,
          2 AS line_place,
          u.gl_id_rev AS code_combination_id,
          o.as_of AS judged_on
        FROM sales_orders h
        INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
        UNION ALL
        SELECT
          'receivable' AS document_type,
          t.document_id,
          u.site_use_id AS line_id,
          1 AS line_place,
          u.gl_id_rec AS code_combination_id,
          o.as_of AS judged_on
        FROM transactions t
        INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
        INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
        WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
        UNION ALL
        SELECT
          'receivable' AS document_type,
          t.document_id,
          u.site_use_id AS line_id,
          2 AS line_place,
          u.gl_id_rev AS code_combination_id,
          o.as_of AS judged_on
        FROM transactions t
        INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
        INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
        WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
        UNION ALL
        SELECT
          'site_use' AS document_type,
          u.site_use_id AS document_id,
          u.site_use_id AS line_id,
          1 AS line_place,
          u.gl_id_rec AS code_combination_id,
          o.as_of AS judged_on
        FROM hz_cust_site_uses_all u
        WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
        UNION ALL
        SELECT
          'site_use' AS document_type,
          u.site_use_id AS document_id,
          u.site_use_id AS line_id,
          2 AS line_place,
          u.gl_id_rev AS code_combination_id,
          o.as_of AS judged_on
        FROM hz_cust_site_uses_all u
        WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
      ),

      judged AS (
        SELECT
          c.document_type,
          c.document_id,
          c.line_id,
          c.line_place,
          c.code_combination_id,
          CASE
            WHEN g.code_combination_id IS NULL THEN 'is unknown'
            WHEN COALESCE(g.enabled_flag, 'N') <> 'Y' THEN 'is disabled'
            WHEN COALESCE(g.summary_flag, 'Y') <> 'N' THEN 'is a summary account'
            WHEN g.template_id IS NOT NULL THEN 'is a template account'
            WHEN g.detail_posting_allowed_flag = 'N' THEN 'allows no detail posting'
            WHEN g.start_date_active > c.judged_on OR c.judged_on - g.end_date_active >= 1
              THEN 'is not active on ' || TO_CHAR(c.judged_on, 'YYYY-MM-DD')
          END AS fault
        FROM charges c
        LEFT JOIN gl_code_combinations g ON c.code_combination_id = g.code_combination_id
        WHERE o.validate_gl = 'Y' AND c.code_combination_id IS NOT NULL
      ),

      faults AS (
        SELECT
          j.document_type,
          j.document_id,
          j.line_id,
          j.code_combination_id,
          'account ' || TO_CHAR(j.code_combination_id) || ' ' || j.fault AS reason,
          ROW_NUMBER() OVER (
            PARTITION BY j.document_type, j.document_id
            ORDER BY j.line_id, j.line_place
          ) AS place
        FROM judged j
        WHERE j.fault IS NOT NULL
      ),

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
        TO_CHAR(h.last_update_date, c_mask) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM owned h
      INNER JOIN hz_cust_accounts a ON h.cust_account_id = a.cust_account_id
      LEFT JOIN faults f ON h.document_type = f.document_type AND h.document_id = f.document_id
        AND f.place = 1
      WHERE h.place = 1
      ORDER BY NLSSORT(h.document_type, 'NLS_SORT=BINARY'), h.document_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END customer_exclusions;

END xxml_read_pkg;
/
