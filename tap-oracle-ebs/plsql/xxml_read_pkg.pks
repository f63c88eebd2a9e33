CREATE OR REPLACE PACKAGE xxml_read_pkg AUTHID DEFINER AS
/* $Header: xxml_read_pkg.pks 120.1 2026/11/21 00:00:00 ml-connector ship $ */
/*#
 * Use this package to read tables of customers, purchasing, payables, order management and
 * receivables, and customers with their contacts and summaries. It reads only. Every operation is
 * paged by key.
 * @rep:scope public
 * @rep:product HZ
 * @rep:displayname Customer read service
 * @rep:lifecycle active
 * @rep:compatibility S
 * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
 */

  TYPE hz_parties_r IS RECORD (
    party_id VARCHAR2(64),
    party_number VARCHAR2(4000),
    party_name VARCHAR2(4000),
    party_type VARCHAR2(4000),
    status VARCHAR2(4000),
    person_first_name VARCHAR2(4000),
    person_last_name VARCHAR2(4000),
    email_address VARCHAR2(4000),
    primary_phone_country_code VARCHAR2(4000),
    primary_phone_area_code VARCHAR2(4000),
    primary_phone_number VARCHAR2(4000),
    primary_phone_extension VARCHAR2(4000),
    url VARCHAR2(4000),
    jgzz_fiscal_code VARCHAR2(4000),
    tax_reference VARCHAR2(4000),
    address1 VARCHAR2(4000),
    address2 VARCHAR2(4000),
    address3 VARCHAR2(4000),
    address4 VARCHAR2(4000),
    city VARCHAR2(4000),
    county VARCHAR2(4000),
    state VARCHAR2(4000),
    province VARCHAR2(4000),
    postal_code VARCHAR2(4000),
    country VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_parties_t IS TABLE OF hz_parties_r INDEX BY BINARY_INTEGER;

  TYPE hz_cust_accounts_r IS RECORD (
    cust_account_id VARCHAR2(64),
    party_id VARCHAR2(64),
    account_number VARCHAR2(4000),
    account_name VARCHAR2(4000),
    status VARCHAR2(4000),
    customer_type VARCHAR2(4000),
    customer_class_code VARCHAR2(4000),
    account_established_date VARCHAR2(19),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_cust_accounts_t IS TABLE OF hz_cust_accounts_r INDEX BY BINARY_INTEGER;

  TYPE hz_cust_acct_sites_all_r IS RECORD (
    cust_acct_site_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    party_site_id VARCHAR2(64),
    status VARCHAR2(4000),
    org_id VARCHAR2(64),
    bill_to_flag VARCHAR2(4000),
    ship_to_flag VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_cust_acct_sites_all_t IS TABLE OF hz_cust_acct_sites_all_r INDEX BY BINARY_INTEGER;

  TYPE hz_cust_site_uses_all_r IS RECORD (
    site_use_id VARCHAR2(64),
    cust_acct_site_id VARCHAR2(64),
    site_use_code VARCHAR2(4000),
    primary_flag VARCHAR2(4000),
    location VARCHAR2(4000),
    status VARCHAR2(4000),
    gl_id_rec VARCHAR2(64),
    gl_id_rev VARCHAR2(64),
    payment_term_id VARCHAR2(64),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_cust_site_uses_all_t IS TABLE OF hz_cust_site_uses_all_r INDEX BY BINARY_INTEGER;

  TYPE hz_party_sites_r IS RECORD (
    party_site_id VARCHAR2(64),
    party_id VARCHAR2(64),
    location_id VARCHAR2(64),
    party_site_number VARCHAR2(4000),
    identifying_address_flag VARCHAR2(4000),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_party_sites_t IS TABLE OF hz_party_sites_r INDEX BY BINARY_INTEGER;

  TYPE hz_locations_r IS RECORD (
    location_id VARCHAR2(64),
    address1 VARCHAR2(4000),
    address2 VARCHAR2(4000),
    address3 VARCHAR2(4000),
    address4 VARCHAR2(4000),
    city VARCHAR2(4000),
    county VARCHAR2(4000),
    state VARCHAR2(4000),
    province VARCHAR2(4000),
    postal_code VARCHAR2(4000),
    country VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_locations_t IS TABLE OF hz_locations_r INDEX BY BINARY_INTEGER;

  TYPE hz_contact_points_r IS RECORD (
    contact_point_id VARCHAR2(64),
    owner_table_name VARCHAR2(4000),
    owner_table_id VARCHAR2(64),
    contact_point_type VARCHAR2(4000),
    phone_line_type VARCHAR2(4000),
    phone_country_code VARCHAR2(4000),
    phone_area_code VARCHAR2(4000),
    phone_number VARCHAR2(4000),
    phone_extension VARCHAR2(4000),
    email_address VARCHAR2(4000),
    url VARCHAR2(4000),
    primary_flag VARCHAR2(4000),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_contact_points_t IS TABLE OF hz_contact_points_r INDEX BY BINARY_INTEGER;

  TYPE hz_relationships_r IS RECORD (
    relationship_id VARCHAR2(64),
    directional_flag VARCHAR2(4000),
    subject_id VARCHAR2(64),
    subject_type VARCHAR2(4000),
    object_id VARCHAR2(64),
    object_type VARCHAR2(4000),
    party_id VARCHAR2(64),
    relationship_code VARCHAR2(4000),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_relationships_t IS TABLE OF hz_relationships_r INDEX BY BINARY_INTEGER;

  TYPE hz_org_contacts_r IS RECORD (
    org_contact_id VARCHAR2(64),
    party_relationship_id VARCHAR2(64),
    job_title VARCHAR2(4000),
    contact_number VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_org_contacts_t IS TABLE OF hz_org_contacts_r INDEX BY BINARY_INTEGER;

  TYPE hz_cust_account_roles_r IS RECORD (
    cust_account_role_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    cust_acct_site_id VARCHAR2(64),
    party_id VARCHAR2(64),
    role_type VARCHAR2(4000),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_cust_account_roles_t IS TABLE OF hz_cust_account_roles_r INDEX BY BINARY_INTEGER;

  TYPE hz_customer_profiles_r IS RECORD (
    cust_account_profile_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    site_use_id VARCHAR2(64),
    credit_hold VARCHAR2(4000),
    credit_rating VARCHAR2(4000),
    standard_terms VARCHAR2(64),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_customer_profiles_t IS TABLE OF hz_customer_profiles_r INDEX BY BINARY_INTEGER;

  TYPE hz_cust_profile_amts_r IS RECORD (
    cust_acct_profile_amt_id VARCHAR2(64),
    cust_account_profile_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    site_use_id VARCHAR2(64),
    currency_code VARCHAR2(4000),
    overall_credit_limit VARCHAR2(64),
    trx_credit_limit VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE hz_cust_profile_amts_t IS TABLE OF hz_cust_profile_amts_r INDEX BY BINARY_INTEGER;

  TYPE po_headers_all_r IS RECORD (
    po_header_id VARCHAR2(64),
    segment1 VARCHAR2(4000),
    type_lookup_code VARCHAR2(4000),
    vendor_id VARCHAR2(64),
    vendor_site_id VARCHAR2(64),
    vendor_contact_id VARCHAR2(64),
    currency_code VARCHAR2(4000),
    rate VARCHAR2(64),
    terms_id VARCHAR2(64),
    authorization_status VARCHAR2(4000),
    approved_flag VARCHAR2(4000),
    approved_date VARCHAR2(19),
    closed_code VARCHAR2(4000),
    closed_date VARCHAR2(19),
    cancel_flag VARCHAR2(4000),
    revision_num VARCHAR2(64),
    comments VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_headers_all_t IS TABLE OF po_headers_all_r INDEX BY BINARY_INTEGER;

  TYPE po_lines_all_r IS RECORD (
    po_line_id VARCHAR2(64),
    po_header_id VARCHAR2(64),
    line_num VARCHAR2(64),
    item_id VARCHAR2(64),
    item_description VARCHAR2(4000),
    category_id VARCHAR2(64),
    unit_meas_lookup_code VARCHAR2(4000),
    unit_price VARCHAR2(64),
    quantity VARCHAR2(64),
    closed_code VARCHAR2(4000),
    cancel_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_lines_all_t IS TABLE OF po_lines_all_r INDEX BY BINARY_INTEGER;

  TYPE po_line_locations_all_r IS RECORD (
    line_location_id VARCHAR2(64),
    po_header_id VARCHAR2(64),
    po_line_id VARCHAR2(64),
    shipment_num VARCHAR2(64),
    quantity VARCHAR2(64),
    quantity_received VARCHAR2(64),
    quantity_billed VARCHAR2(64),
    quantity_cancelled VARCHAR2(64),
    price_override VARCHAR2(64),
    need_by_date VARCHAR2(19),
    promised_date VARCHAR2(19),
    ship_to_organization_id VARCHAR2(64),
    closed_code VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_line_locations_all_t IS TABLE OF po_line_locations_all_r INDEX BY BINARY_INTEGER;

  TYPE po_distributions_all_r IS RECORD (
    po_distribution_id VARCHAR2(64),
    po_header_id VARCHAR2(64),
    po_line_id VARCHAR2(64),
    line_location_id VARCHAR2(64),
    distribution_num VARCHAR2(64),
    code_combination_id VARCHAR2(64),
    quantity_ordered VARCHAR2(64),
    quantity_billed VARCHAR2(64),
    amount_billed VARCHAR2(64),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_distributions_all_t IS TABLE OF po_distributions_all_r INDEX BY BINARY_INTEGER;

  TYPE po_vendors_r IS RECORD (
    vendor_id VARCHAR2(64),
    party_id VARCHAR2(64),
    segment1 VARCHAR2(4000),
    vendor_name VARCHAR2(4000),
    vendor_type_lookup_code VARCHAR2(4000),
    terms_id VARCHAR2(64),
    enabled_flag VARCHAR2(4000),
    end_date_active VARCHAR2(19),
    hold_flag VARCHAR2(4000),
    customer_num VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_vendors_t IS TABLE OF po_vendors_r INDEX BY BINARY_INTEGER;

  TYPE po_vendor_sites_all_r IS RECORD (
    vendor_site_id VARCHAR2(64),
    vendor_id VARCHAR2(64),
    party_site_id VARCHAR2(64),
    vendor_site_code VARCHAR2(4000),
    org_id VARCHAR2(64),
    address_line1 VARCHAR2(4000),
    address_line2 VARCHAR2(4000),
    address_line3 VARCHAR2(4000),
    address_line4 VARCHAR2(4000),
    city VARCHAR2(4000),
    county VARCHAR2(4000),
    state VARCHAR2(4000),
    province VARCHAR2(4000),
    zip VARCHAR2(4000),
    country VARCHAR2(4000),
    email_address VARCHAR2(4000),
    area_code VARCHAR2(4000),
    phone VARCHAR2(4000),
    purchasing_site_flag VARCHAR2(4000),
    pay_site_flag VARCHAR2(4000),
    inactive_date VARCHAR2(19),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE po_vendor_sites_all_t IS TABLE OF po_vendor_sites_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_invoices_all_r IS RECORD (
    invoice_id VARCHAR2(64),
    invoice_num VARCHAR2(4000),
    vendor_id VARCHAR2(64),
    vendor_site_id VARCHAR2(64),
    party_id VARCHAR2(64),
    invoice_date VARCHAR2(19),
    invoice_type_lookup_code VARCHAR2(4000),
    invoice_amount VARCHAR2(64),
    invoice_currency_code VARCHAR2(4000),
    amount_paid VARCHAR2(64),
    base_amount VARCHAR2(64),
    exchange_rate VARCHAR2(64),
    payment_status_flag VARCHAR2(4000),
    cancelled_date VARCHAR2(19),
    cancelled_amount VARCHAR2(64),
    terms_id VARCHAR2(64),
    terms_date VARCHAR2(19),
    gl_date VARCHAR2(19),
    description VARCHAR2(4000),
    accts_pay_code_combination_id VARCHAR2(64),
    set_of_books_id VARCHAR2(64),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_invoices_all_t IS TABLE OF ap_invoices_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_invoice_lines_all_r IS RECORD (
    invoice_id VARCHAR2(64),
    line_number VARCHAR2(64),
    amount VARCHAR2(64),
    line_type_lookup_code VARCHAR2(4000),
    po_line_location_id VARCHAR2(64),
    discarded_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_invoice_lines_all_t IS TABLE OF ap_invoice_lines_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_invoice_distributions_all_r IS RECORD (
    invoice_distribution_id VARCHAR2(64),
    invoice_id VARCHAR2(64),
    invoice_line_number VARCHAR2(64),
    dist_code_combination_id VARCHAR2(64),
    po_distribution_id VARCHAR2(64),
    amount VARCHAR2(64),
    line_type_lookup_code VARCHAR2(4000),
    match_status_flag VARCHAR2(4000),
    accounting_date VARCHAR2(19),
    reversal_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_invoice_distributions_all_t IS TABLE OF ap_invoice_distributions_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_payment_schedules_all_r IS RECORD (
    invoice_id VARCHAR2(64),
    payment_num VARCHAR2(64),
    due_date VARCHAR2(19),
    gross_amount VARCHAR2(64),
    amount_remaining VARCHAR2(64),
    hold_flag VARCHAR2(4000),
    payment_status_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_payment_schedules_all_t IS TABLE OF ap_payment_schedules_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_invoice_payments_all_r IS RECORD (
    invoice_payment_id VARCHAR2(64),
    invoice_id VARCHAR2(64),
    check_id VARCHAR2(64),
    payment_num VARCHAR2(64),
    amount VARCHAR2(64),
    accounting_date VARCHAR2(19),
    reversal_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_invoice_payments_all_t IS TABLE OF ap_invoice_payments_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_checks_all_r IS RECORD (
    check_id VARCHAR2(64),
    check_number VARCHAR2(64),
    check_date VARCHAR2(19),
    amount VARCHAR2(64),
    currency_code VARCHAR2(4000),
    vendor_id VARCHAR2(64),
    vendor_site_id VARCHAR2(64),
    status_lookup_code VARCHAR2(4000),
    void_date VARCHAR2(19),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_checks_all_t IS TABLE OF ap_checks_all_r INDEX BY BINARY_INTEGER;

  TYPE ap_terms_r IS RECORD (
    term_id VARCHAR2(64),
    name VARCHAR2(4000),
    description VARCHAR2(4000),
    enabled_flag VARCHAR2(4000),
    start_date_active VARCHAR2(19),
    end_date_active VARCHAR2(19),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ap_terms_t IS TABLE OF ap_terms_r INDEX BY BINARY_INTEGER;

  TYPE gl_code_combinations_r IS RECORD (
    code_combination_id VARCHAR2(64),
    chart_of_accounts_id VARCHAR2(64),
    segment1 VARCHAR2(4000),
    segment2 VARCHAR2(4000),
    segment3 VARCHAR2(4000),
    segment4 VARCHAR2(4000),
    segment5 VARCHAR2(4000),
    segment6 VARCHAR2(4000),
    segment7 VARCHAR2(4000),
    segment8 VARCHAR2(4000),
    segment9 VARCHAR2(4000),
    segment10 VARCHAR2(4000),
    segment11 VARCHAR2(4000),
    segment12 VARCHAR2(4000),
    segment13 VARCHAR2(4000),
    segment14 VARCHAR2(4000),
    segment15 VARCHAR2(4000),
    segment16 VARCHAR2(4000),
    segment17 VARCHAR2(4000),
    segment18 VARCHAR2(4000),
    segment19 VARCHAR2(4000),
    segment20 VARCHAR2(4000),
    segment21 VARCHAR2(4000),
    segment22 VARCHAR2(4000),
    segment23 VARCHAR2(4000),
    segment24 VARCHAR2(4000),
    segment25 VARCHAR2(4000),
    segment26 VARCHAR2(4000),
    segment27 VARCHAR2(4000),
    segment28 VARCHAR2(4000),
    segment29 VARCHAR2(4000),
    segment30 VARCHAR2(4000),
    account_type VARCHAR2(4000),
    enabled_flag VARCHAR2(4000),
    summary_flag VARCHAR2(4000),
    detail_posting_allowed_flag VARCHAR2(4000),
    start_date_active VARCHAR2(19),
    end_date_active VARCHAR2(19),
    template_id VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE gl_code_combinations_t IS TABLE OF gl_code_combinations_r INDEX BY BINARY_INTEGER;

  TYPE gl_daily_rates_r IS RECORD (
    from_currency VARCHAR2(4000),
    to_currency VARCHAR2(4000),
    conversion_date VARCHAR2(19),
    conversion_type VARCHAR2(4000),
    conversion_rate VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE gl_daily_rates_t IS TABLE OF gl_daily_rates_r INDEX BY BINARY_INTEGER;

  TYPE mtl_system_items_b_r IS RECORD (
    inventory_item_id VARCHAR2(64),
    organization_id VARCHAR2(64),
    segment1 VARCHAR2(4000),
    description VARCHAR2(4000),
    primary_uom_code VARCHAR2(4000),
    inventory_item_status_code VARCHAR2(4000),
    list_price_per_unit VARCHAR2(64),
    expense_account VARCHAR2(64),
    enabled_flag VARCHAR2(4000),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE mtl_system_items_b_t IS TABLE OF mtl_system_items_b_r INDEX BY BINARY_INTEGER;

  TYPE ra_terms_r IS RECORD (
    term_id VARCHAR2(64),
    name VARCHAR2(4000),
    description VARCHAR2(4000),
    start_date_active VARCHAR2(19),
    end_date_active VARCHAR2(19),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ra_terms_t IS TABLE OF ra_terms_r INDEX BY BINARY_INTEGER;

  TYPE oe_order_headers_all_r IS RECORD (
    header_id VARCHAR2(64),
    order_number VARCHAR2(64),
    sold_to_org_id VARCHAR2(64),
    ship_to_org_id VARCHAR2(64),
    invoice_to_org_id VARCHAR2(64),
    cust_po_number VARCHAR2(4000),
    ordered_date VARCHAR2(19),
    flow_status_code VARCHAR2(4000),
    open_flag VARCHAR2(4000),
    booked_flag VARCHAR2(4000),
    cancelled_flag VARCHAR2(4000),
    payment_term_id VARCHAR2(64),
    transactional_curr_code VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE oe_order_headers_all_t IS TABLE OF oe_order_headers_all_r INDEX BY BINARY_INTEGER;

  TYPE oe_order_lines_all_r IS RECORD (
    line_id VARCHAR2(64),
    header_id VARCHAR2(64),
    line_number VARCHAR2(64),
    ordered_item VARCHAR2(4000),
    inventory_item_id VARCHAR2(64),
    ordered_quantity VARCHAR2(64),
    unit_selling_price VARCHAR2(64),
    schedule_ship_date VARCHAR2(19),
    promise_date VARCHAR2(19),
    actual_shipment_date VARCHAR2(19),
    flow_status_code VARCHAR2(4000),
    open_flag VARCHAR2(4000),
    cancelled_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE oe_order_lines_all_t IS TABLE OF oe_order_lines_all_r INDEX BY BINARY_INTEGER;

  TYPE ra_customer_trx_all_r IS RECORD (
    customer_trx_id VARCHAR2(64),
    trx_number VARCHAR2(4000),
    trx_date VARCHAR2(19),
    bill_to_customer_id VARCHAR2(64),
    bill_to_site_use_id VARCHAR2(64),
    cust_trx_type_id VARCHAR2(64),
    term_id VARCHAR2(64),
    invoice_currency_code VARCHAR2(4000),
    purchase_order VARCHAR2(4000),
    previous_customer_trx_id VARCHAR2(64),
    status_trx VARCHAR2(4000),
    interface_header_attribute1 VARCHAR2(4000),
    complete_flag VARCHAR2(4000),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ra_customer_trx_all_t IS TABLE OF ra_customer_trx_all_r INDEX BY BINARY_INTEGER;

  TYPE ar_payment_schedules_all_r IS RECORD (
    payment_schedule_id VARCHAR2(64),
    customer_trx_id VARCHAR2(64),
    cash_receipt_id VARCHAR2(64),
    customer_id VARCHAR2(64),
    customer_site_use_id VARCHAR2(64),
    trx_number VARCHAR2(4000),
    class VARCHAR2(4000),
    status VARCHAR2(4000),
    amount_due_original VARCHAR2(64),
    amount_due_remaining VARCHAR2(64),
    invoice_currency_code VARCHAR2(4000),
    due_date VARCHAR2(19),
    term_id VARCHAR2(64),
    gl_date VARCHAR2(19),
    org_id VARCHAR2(64),
    creation_date VARCHAR2(19),
    created_by VARCHAR2(64),
    last_update_date VARCHAR2(19),
    last_updated_by VARCHAR2(64)
  );

  TYPE ar_payment_schedules_all_t IS TABLE OF ar_payment_schedules_all_r INDEX BY BINARY_INTEGER;

  TYPE customers_r IS RECORD (
    cust_account_id VARCHAR2(64),
    account_number VARCHAR2(4000),
    account_name VARCHAR2(4000),
    status VARCHAR2(4000),
    customer_class_code VARCHAR2(4000),
    customer_type VARCHAR2(4000),
    party_id VARCHAR2(64),
    party_number VARCHAR2(4000),
    party_name VARCHAR2(4000),
    party_type VARCHAR2(4000),
    party_status VARCHAR2(4000),
    email VARCHAR2(4000),
    phone_country_code VARCHAR2(4000),
    phone_area_code VARCHAR2(4000),
    phone_number VARCHAR2(4000),
    phone_extension VARCHAR2(4000),
    url VARCHAR2(4000),
    tax_reference VARCHAR2(4000),
    creation_date VARCHAR2(19),
    site_use_id VARCHAR2(64),
    org_id VARCHAR2(64),
    address1 VARCHAR2(4000),
    address2 VARCHAR2(4000),
    address3 VARCHAR2(4000),
    address4 VARCHAR2(4000),
    city VARCHAR2(4000),
    county VARCHAR2(4000),
    state VARCHAR2(4000),
    province VARCHAR2(4000),
    postal_code VARCHAR2(4000),
    country VARCHAR2(4000),
    terms VARCHAR2(4000),
    credit_hold VARCHAR2(4000),
    last_update_date VARCHAR2(19)
  );

  TYPE customers_t IS TABLE OF customers_r INDEX BY BINARY_INTEGER;

  TYPE customer_limits_r IS RECORD (
    cust_account_id VARCHAR2(64),
    currency_code VARCHAR2(4000),
    overall_credit_limit VARCHAR2(64),
    trx_credit_limit VARCHAR2(64)
  );

  TYPE customer_limits_t IS TABLE OF customer_limits_r INDEX BY BINARY_INTEGER;

  TYPE customer_contacts_r IS RECORD (
    cust_account_role_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    account_number VARCHAR2(4000),
    account_status VARCHAR2(4000),
    cust_acct_site_id VARCHAR2(64),
    org_id VARCHAR2(64),
    party_id VARCHAR2(64),
    person_party_id VARCHAR2(64),
    contact_number VARCHAR2(4000),
    first_name VARCHAR2(4000),
    last_name VARCHAR2(4000),
    name VARCHAR2(4000),
    job_title VARCHAR2(4000),
    email VARCHAR2(4000),
    phone_country_code VARCHAR2(4000),
    phone_area_code VARCHAR2(4000),
    phone_number VARCHAR2(4000),
    phone_extension VARCHAR2(4000),
    role_status VARCHAR2(4000),
    relationship_status VARCHAR2(4000),
    status VARCHAR2(4000),
    creation_date VARCHAR2(19),
    last_update_date VARCHAR2(19)
  );

  TYPE customer_contacts_t IS TABLE OF customer_contacts_r INDEX BY BINARY_INTEGER;

  TYPE customer_summaries_r IS RECORD (
    cust_account_id VARCHAR2(64),
    account_number VARCHAR2(4000),
    status VARCHAR2(4000),
    open_order_count VARCHAR2(64),
    open_order_amount VARCHAR2(64),
    recent_invoice_count VARCHAR2(64),
    overdue_invoice_count VARCHAR2(64),
    overdue_amount VARCHAR2(64),
    balance VARCHAR2(64),
    spend_last_12_months VARCHAR2(64),
    spend_total VARCHAR2(64),
    summary_currency VARCHAR2(4000),
    supplier_number VARCHAR2(4000),
    supplier_name VARCHAR2(4000),
    supplier_site VARCHAR2(4000),
    excluded_count VARCHAR2(64),
    last_update_date VARCHAR2(19)
  );

  TYPE customer_summaries_t IS TABLE OF customer_summaries_r INDEX BY BINARY_INTEGER;

  TYPE summary_amounts_r IS RECORD (
    cust_account_id VARCHAR2(64),
    currency_code VARCHAR2(4000),
    open_order_amount VARCHAR2(64),
    overdue_amount VARCHAR2(64),
    balance VARCHAR2(64),
    spend_last_12_months VARCHAR2(64),
    spend_total VARCHAR2(64)
  );

  TYPE summary_amounts_t IS TABLE OF summary_amounts_r INDEX BY BINARY_INTEGER;

  TYPE summary_orders_r IS RECORD (
    cust_account_id VARCHAR2(64),
    route VARCHAR2(4000),
    document_id VARCHAR2(64),
    order_number VARCHAR2(4000),
    status VARCHAR2(4000),
    order_date VARCHAR2(19),
    ship_date VARCHAR2(19),
    amount VARCHAR2(64),
    currency_code VARCHAR2(4000),
    org_id VARCHAR2(64)
  );

  TYPE summary_orders_t IS TABLE OF summary_orders_r INDEX BY BINARY_INTEGER;

  TYPE summary_invoices_r IS RECORD (
    cust_account_id VARCHAR2(64),
    route VARCHAR2(4000),
    document_id VARCHAR2(64),
    invoice_number VARCHAR2(4000),
    invoice_date VARCHAR2(19),
    due_date VARCHAR2(19),
    amount VARCHAR2(64),
    balance VARCHAR2(64),
    currency_code VARCHAR2(4000),
    payment_status VARCHAR2(4000),
    overdue VARCHAR2(4000),
    org_id VARCHAR2(64)
  );

  TYPE summary_invoices_t IS TABLE OF summary_invoices_r INDEX BY BINARY_INTEGER;

  TYPE customer_exclusions_r IS RECORD (
    document_type VARCHAR2(4000),
    document_id VARCHAR2(64),
    document_number VARCHAR2(4000),
    org_id VARCHAR2(64),
    cust_account_id VARCHAR2(64),
    account_number VARCHAR2(4000),
    line_id VARCHAR2(64),
    code_combination_id VARCHAR2(64),
    reason VARCHAR2(4000),
    valid VARCHAR2(4000),
    last_update_date VARCHAR2(19)
  );

  TYPE customer_exclusions_t IS TABLE OF customer_exclusions_r INDEX BY BINARY_INTEGER;

  /*#
   * Use this operation to read rows of HZ_PARTIES, page by page, by rising PARTY_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_parties_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_PARTIES
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUST_ACCOUNTS, page by page, by rising CUST_ACCOUNT_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_cust_accounts_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUST_ACCOUNTS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUST_ACCT_SITES_ALL, page by page, by rising
   * CUST_ACCT_SITE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_cust_acct_sites_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUST_ACCT_SITES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUST_SITE_USES_ALL, page by page, by rising SITE_USE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_cust_site_uses_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUST_SITE_USES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_PARTY_SITES, page by page, by rising PARTY_SITE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_party_sites_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_PARTY_SITES
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_LOCATIONS, page by page, by rising LOCATION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_locations_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_LOCATIONS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CONTACT_POINTS, page by page, by rising CONTACT_POINT_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_contact_points_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CONTACT_POINTS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_RELATIONSHIPS, page by page, by rising RELATIONSHIP_ID and
   * DIRECTIONAL_FLAG.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_relationships_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_RELATIONSHIPS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_ORG_CONTACTS, page by page, by rising ORG_CONTACT_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_org_contacts_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_ORG_CONTACTS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUST_ACCOUNT_ROLES, page by page, by rising
   * CUST_ACCOUNT_ROLE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_cust_account_roles_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUST_ACCOUNT_ROLES
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUSTOMER_PROFILES, page by page, by rising
   * CUST_ACCOUNT_PROFILE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_customer_profiles_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUSTOMER_PROFILES
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of HZ_CUST_PROFILE_AMTS, page by page, by rising
   * CUST_ACCT_PROFILE_AMT_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as hz_cust_profile_amts_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read HZ_CUST_PROFILE_AMTS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_HEADERS_ALL, page by page, by rising PO_HEADER_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_headers_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_HEADERS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_LINES_ALL, page by page, by rising PO_LINE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_lines_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_LINES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_LINE_LOCATIONS_ALL, page by page, by rising LINE_LOCATION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_line_locations_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_LINE_LOCATIONS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_DISTRIBUTIONS_ALL, page by page, by rising PO_DISTRIBUTION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_distributions_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_DISTRIBUTIONS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_VENDORS, page by page, by rising VENDOR_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_vendors_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_VENDORS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of PO_VENDOR_SITES_ALL, page by page, by rising VENDOR_SITE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as po_vendor_sites_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read PO_VENDOR_SITES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_INVOICES_ALL, page by page, by rising INVOICE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_invoices_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_INVOICES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_INVOICE_LINES_ALL, page by page, by rising INVOICE_ID and
   * LINE_NUMBER.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_invoice_lines_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_INVOICE_LINES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_INVOICE_DISTRIBUTIONS_ALL, page by page, by rising
   * INVOICE_DISTRIBUTION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_invoice_distributions_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_INVOICE_DISTRIBUTIONS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_PAYMENT_SCHEDULES_ALL, page by page, by rising INVOICE_ID and
   * PAYMENT_NUM.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_payment_schedules_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_PAYMENT_SCHEDULES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_INVOICE_PAYMENTS_ALL, page by page, by rising
   * INVOICE_PAYMENT_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_invoice_payments_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_INVOICE_PAYMENTS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_CHECKS_ALL, page by page, by rising CHECK_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_checks_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_CHECKS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AP_TERMS, page by page, by rising TERM_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ap_terms_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AP_TERMS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of GL_CODE_COMBINATIONS, page by page, by rising
   * CODE_COMBINATION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as gl_code_combinations_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read GL_CODE_COMBINATIONS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of GL_DAILY_RATES, page by page, by rising FROM_CURRENCY and
   * TO_CURRENCY and CONVERSION_DATE and CONVERSION_TYPE.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as gl_daily_rates_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read GL_DAILY_RATES
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of MTL_SYSTEM_ITEMS_B, page by page, by rising INVENTORY_ITEM_ID and
   * ORGANIZATION_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as mtl_system_items_b_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read MTL_SYSTEM_ITEMS_B
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of RA_TERMS, page by page, by rising TERM_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ra_terms_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read RA_TERMS
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of OE_ORDER_HEADERS_ALL, page by page, by rising HEADER_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as oe_order_headers_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read OE_ORDER_HEADERS_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of OE_ORDER_LINES_ALL, page by page, by rising LINE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as oe_order_lines_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read OE_ORDER_LINES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of RA_CUSTOMER_TRX_ALL, page by page, by rising CUSTOMER_TRX_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ra_customer_trx_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read RA_CUSTOMER_TRX_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read rows of AR_PAYMENT_SCHEDULES_ALL, page by page, by rising
   * PAYMENT_SCHEDULE_ID.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as ar_payment_schedules_all_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read AR_PAYMENT_SCHEDULES_ALL
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read customer accounts with party, bill-to address, terms, credit hold and
   * credit limits. An account is given when a row of any table behind it changed.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as customers_t
   * @param x_limits Rows as customer_limits_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read customers
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read contact roles of customer accounts with person, e-mail and phone of the
   * relationship party. A contact is given when a row of any table behind it changed.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param x_rows Rows as customer_contacts_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read contacts of customers
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read open orders, recent and overdue invoices, balance and spend of customer
   * accounts. An account is given when a document of it changed or passed an edge of a time window.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param p_crossed_from Start, exclusive, of the time in which an edge of a window was passed
   * @param p_crossed_to End, inclusive, of that time
   * @param p_as_of Day on which time windows are judged; null is today
   * @param p_orders_from PURCHASING, ORDER_MANAGEMENT or BOTH; null is PURCHASING
   * @param p_recent_days Days for which an invoice is recent; null is 90
   * @param p_currency Currency of the single amounts; null is the only one of the documents
   * @param p_rate_type GL_DAILY_RATES.CONVERSION_TYPE; null is Corporate
   * @param p_document_limit Longest list of documents per customer and list; null is 100
   * @param p_validate_gl Y or N: whether documents with a faulty account are left out; null is Y
   * @param p_po_types Types of purchase orders, separated by commas; null is STANDARD
   * @param p_po_statuses Authorization states of open purchase orders, separated by commas
   * @param x_rows Rows as customer_summaries_t
   * @param x_amounts Rows as summary_amounts_t
   * @param x_orders Rows as summary_orders_t
   * @param x_invoices Rows as summary_invoices_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read summaries of customers
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

  /*#
   * Use this operation to read the documents and site uses whose accounts may not be posted to, with the
   * reason, and those that were mended.
   * @param p_last_update_from Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS
   * @param p_last_update_to Latest LAST_UPDATE_DATE, inclusive, in the same form
   * @param p_last_key Key of the last row of the page before; parts of a composite key joined by ~
   * @param p_limit Rows per page, at most 5000; null is 1000
   * @param p_offset Rows to leave out, where P_LAST_KEY is not used
   * @param p_org_id Operating units, separated by commas, in order of preference; null is all
   * @param p_keys Keys, separated by commas; they replace the range
   * @param p_keys_only Y fills the key columns alone
   * @param p_crossed_from Start, exclusive, of the time in which an edge of a window was passed
   * @param p_crossed_to End, inclusive, of that time
   * @param p_as_of Day on which time windows are judged; null is today
   * @param p_orders_from PURCHASING, ORDER_MANAGEMENT or BOTH; null is PURCHASING
   * @param p_validate_gl Y or N: whether documents with a faulty account are left out; null is Y
   * @param p_po_types Types of purchase orders, separated by commas; null is STANDARD
   * @param p_po_statuses Authorization states of open purchase orders, separated by commas
   * @param x_rows Rows as customer_exclusions_t
   * @param x_return_status S, E for a faulty parameter, U for an unexpected error
   * @param x_msg_data Text of the error
   * @param x_has_more Y where rows follow
   * @param x_server_time Present time of the database server
   * @rep:scope public
   * @rep:displayname Read documents left out of summaries
   * @rep:lifecycle active
   * @rep:compatibility S
   * @rep:category BUSINESS_ENTITY HZ_CUSTOMER_ACCOUNT
   */
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
  );

END xxml_read_pkg;
/
