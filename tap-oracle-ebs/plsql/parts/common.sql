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

@include accounts_page
