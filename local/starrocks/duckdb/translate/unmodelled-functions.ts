/** Functions StarRocks has and the embedded one has not: calling them is no mistake of the caller's. */
export const unmodelledFunctions: ReadonlySet<string> = new Set(
  `acos asin atan atan2 bin cbrt conv cos cosh cot degrees dround e fmod pi pmod positive negative radians
  rand_seed random sin sinh square tan tanh width_bucket
  append_trailing_char_if_absent char char_length_utf8 crc32 ends_with field find_in_set format_bytes group_concat_ws
  initcap inet_aton locate_utf8 md5sum md5sum_numeric money_format ngram_search null_or_empty parse_url
  regexp regexp_count regexp_extract regexp_extract_all regexp_position rtrim_char soundex space strcmp strleft
  strright strpos str_to_map substring_index tokenize translate url_decode url_encode url_extract_host
  add_months convert_tz date_diff date_slice day_name dayname dayofweek_iso days_diff from_days hour_from_unixtime
  hours_diff iso_week jodatime_format makedate microseconds_add microseconds_sub milliseconds_diff minutes_diff
  monthname months_diff months_sub next_day previous_day quarters_add quarters_sub sec_to_time seconds_diff
  str2date time_format time_slice time_to_sec timediff timestamp timestampadd to_datetime to_days to_iso8601
  to_tera_date to_tera_timestamp utc_time week_iso weekofyear weeks_add weeks_diff weeks_sub yearweek years_diff
  years_sub
  bitand bitnot bitor bitxor bit_shift_left bit_shift_right bit_shift_right_logical
  approx_count_distinct approx_top_k array_agg array_unique_agg bitmap bitmap_agg bitmap_and bitmap_contains
  bitmap_count bitmap_from_string bitmap_has_any bitmap_hash bitmap_max bitmap_min bitmap_or bitmap_to_array
  bitmap_to_string bitmap_union bitmap_union_count bitmap_union_int bool_or boolor_agg booland_agg corr count_if
  covar_pop covar_samp cume_dist ds_hll_count_distinct every grouping grouping_id histogram hll_cardinality
  hll_empty hll_hash hll_raw hll_raw_agg hll_union hll_union_agg intersect_count map_agg mann_whitney_u_test
  median multi_distinct_count multi_distinct_sum ndv percentile_approx percentile_cont percentile_disc
  percentile_empty percentile_hash percentile_union nth_value retention session_number std stddev_pop stddev_samp
  sum_map to_bitmap var_pop var_samp variance_pop variance_samp window_funnel
  all_match any_match array_append array_avg array_concat array_contains array_contains_all array_cum_sum
  array_difference array_distinct array_filter array_flatten array_generate array_intersect array_join array_length
  array_map array_max array_min array_position array_remove array_repeat array_slice array_sort array_sortby
  array_sum array_to_bitmap array_top_n arrays_overlap cardinality element_at reverse_array unnest
  get_json_bool get_json_double get_json_object is_json_scalar json_array json_contains json_each json_exists
  json_keys json_object json_pretty json_query json_remove json_set json_string json_value to_json
  distinct_map_keys map map_apply map_concat map_entries map_filter map_from_arrays map_keys map_size map_values
  named_struct row struct subfield
  aes_decrypt aes_encrypt base64_decode_binary base64_decode_string encode_fingerprint_sha256 encode_sort_key
  from_binary murmur_hash_64 sm3 to_binary uuid_numeric uuid_v7 xx_hash32 xx_hash3_128 xx_hash64
  assert_true current_group host_name inspect_mv_meta is_role_in_session isnull isnotnull sleep typeof dict_mapping
  files lookup_string query_id get_query_profile`.split(/\s+/),
);
