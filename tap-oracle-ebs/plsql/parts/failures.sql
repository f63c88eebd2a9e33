EXCEPTION
  WHEN e_bad_parameter THEN
    x_rows.DELETE();
    end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
  WHEN OTHERS THEN
    x_rows.DELETE();
    end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
