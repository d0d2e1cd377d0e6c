/* gmime-late.h - GMime, loaded when the first mail needs it; include this, never gmime.h.
 *
 * Linked, GMime brings 18 more libraries into every process (GObject, GIO, GPGME ...), 2 ms of
 * symbols to look up, and the usual mail needs nothing of it: its fields are of the plain forms
 * that src/message reads itself. The names below are used as ever; each means the function of the
 * library, loaded and initialised on first use. Where it is missing the process ends (abort). */
#ifndef AARDIG_GMIME_LATE_H
#define AARDIG_GMIME_LATE_H

#include <gmime/gmime.h>

#define GMIME_LATE(X) \
	X(g_mime_content_disposition_get_parameter) \
	X(g_mime_content_disposition_parse) \
	X(g_mime_content_encoding_from_string) \
	X(g_mime_content_type_get_parameter) \
	X(g_mime_content_type_parse) \
	X(g_mime_data_wrapper_new_with_stream) \
	X(g_mime_data_wrapper_write_to_stream) \
	X(g_mime_encoding_flush) \
	X(g_mime_encoding_init_decode) \
	X(g_mime_encoding_outlen) \
	X(g_mime_encoding_step) \
	X(g_mime_format_options_free) \
	X(g_mime_format_options_new) \
	X(g_mime_format_options_set_newline_format) \
	X(g_mime_init) \
	X(g_mime_message_add_mailbox) \
	X(g_mime_message_get_mime_part) \
	X(g_mime_message_new) \
	X(g_mime_message_set_date) \
	X(g_mime_message_set_message_id) \
	X(g_mime_message_set_mime_part) \
	X(g_mime_message_set_subject) \
	X(g_mime_multipart_add) \
	X(g_mime_multipart_new_with_subtype) \
	X(g_mime_object_get_type) \
	X(g_mime_object_set_content_type_parameter) \
	X(g_mime_object_set_disposition) \
	X(g_mime_object_set_header) \
	X(g_mime_object_write_to_stream) \
	X(g_mime_parser_construct_message) \
	X(g_mime_parser_new_with_stream) \
	X(g_mime_parser_options_new) \
	X(g_mime_parser_options_set_allow_addresses_without_domain) \
	X(g_mime_parser_options_set_fallback_charsets) \
	X(g_mime_part_get_content) \
	X(g_mime_part_new_with_type) \
	X(g_mime_part_set_content) \
	X(g_mime_part_set_content_encoding) \
	X(g_mime_part_set_filename) \
	X(g_mime_stream_mem_get_byte_array) \
	X(g_mime_stream_mem_get_type) \
	X(g_mime_stream_mem_new) \
	X(g_mime_stream_mem_new_with_buffer) \
	X(g_mime_utils_header_decode_date) \
	X(g_object_ref) \
	X(g_object_unref) \
	X(g_type_check_instance_cast) \
	X(g_type_check_instance_is_a) \
	X(internet_address_get_name) \
	X(internet_address_group_get_members) \
	X(internet_address_group_get_type) \
	X(internet_address_list_get_address) \
	X(internet_address_list_length) \
	X(internet_address_list_parse) \
	X(internet_address_mailbox_get_addr) \
	X(internet_address_mailbox_get_idn_addr) \
	X(internet_address_mailbox_get_type) \
	X(internet_address_mailbox_new)

typedef struct {
#define GMIME_LATE_MEMBER(name) __typeof__(&name) name;
	GMIME_LATE(GMIME_LATE_MEMBER)
#undef GMIME_LATE_MEMBER
} GMimeLate;

const GMimeLate *gmime_late(void);

#ifndef GMIME_LATE_LOADER
#define g_mime_content_disposition_get_parameter (gmime_late()->g_mime_content_disposition_get_parameter)
#define g_mime_content_disposition_parse (gmime_late()->g_mime_content_disposition_parse)
#define g_mime_content_encoding_from_string (gmime_late()->g_mime_content_encoding_from_string)
#define g_mime_content_type_get_parameter (gmime_late()->g_mime_content_type_get_parameter)
#define g_mime_content_type_parse (gmime_late()->g_mime_content_type_parse)
#define g_mime_data_wrapper_new_with_stream (gmime_late()->g_mime_data_wrapper_new_with_stream)
#define g_mime_data_wrapper_write_to_stream (gmime_late()->g_mime_data_wrapper_write_to_stream)
#define g_mime_encoding_flush (gmime_late()->g_mime_encoding_flush)
#define g_mime_encoding_init_decode (gmime_late()->g_mime_encoding_init_decode)
#define g_mime_encoding_outlen (gmime_late()->g_mime_encoding_outlen)
#define g_mime_encoding_step (gmime_late()->g_mime_encoding_step)
#define g_mime_format_options_free (gmime_late()->g_mime_format_options_free)
#define g_mime_format_options_new (gmime_late()->g_mime_format_options_new)
#define g_mime_format_options_set_newline_format (gmime_late()->g_mime_format_options_set_newline_format)
#define g_mime_init (gmime_late()->g_mime_init)
#define g_mime_message_add_mailbox (gmime_late()->g_mime_message_add_mailbox)
#define g_mime_message_get_mime_part (gmime_late()->g_mime_message_get_mime_part)
#define g_mime_message_new (gmime_late()->g_mime_message_new)
#define g_mime_message_set_date (gmime_late()->g_mime_message_set_date)
#define g_mime_message_set_message_id (gmime_late()->g_mime_message_set_message_id)
#define g_mime_message_set_mime_part (gmime_late()->g_mime_message_set_mime_part)
#define g_mime_message_set_subject (gmime_late()->g_mime_message_set_subject)
#define g_mime_multipart_add (gmime_late()->g_mime_multipart_add)
#define g_mime_multipart_new_with_subtype (gmime_late()->g_mime_multipart_new_with_subtype)
#define g_mime_object_get_type (gmime_late()->g_mime_object_get_type)
#define g_mime_object_set_content_type_parameter (gmime_late()->g_mime_object_set_content_type_parameter)
#define g_mime_object_set_disposition (gmime_late()->g_mime_object_set_disposition)
#define g_mime_object_set_header (gmime_late()->g_mime_object_set_header)
#define g_mime_object_write_to_stream (gmime_late()->g_mime_object_write_to_stream)
#define g_mime_parser_construct_message (gmime_late()->g_mime_parser_construct_message)
#define g_mime_parser_new_with_stream (gmime_late()->g_mime_parser_new_with_stream)
#define g_mime_parser_options_new (gmime_late()->g_mime_parser_options_new)
#define g_mime_parser_options_set_allow_addresses_without_domain (gmime_late()->g_mime_parser_options_set_allow_addresses_without_domain)
#define g_mime_parser_options_set_fallback_charsets (gmime_late()->g_mime_parser_options_set_fallback_charsets)
#define g_mime_part_get_content (gmime_late()->g_mime_part_get_content)
#define g_mime_part_new_with_type (gmime_late()->g_mime_part_new_with_type)
#define g_mime_part_set_content (gmime_late()->g_mime_part_set_content)
#define g_mime_part_set_content_encoding (gmime_late()->g_mime_part_set_content_encoding)
#define g_mime_part_set_filename (gmime_late()->g_mime_part_set_filename)
#define g_mime_stream_mem_get_byte_array (gmime_late()->g_mime_stream_mem_get_byte_array)
#define g_mime_stream_mem_get_type (gmime_late()->g_mime_stream_mem_get_type)
#define g_mime_stream_mem_new (gmime_late()->g_mime_stream_mem_new)
#define g_mime_stream_mem_new_with_buffer (gmime_late()->g_mime_stream_mem_new_with_buffer)
#define g_mime_utils_header_decode_date (gmime_late()->g_mime_utils_header_decode_date)
#undef g_object_ref /* a macro of GLib, for the type */
#define g_object_ref (gmime_late()->g_object_ref)
#define g_object_unref (gmime_late()->g_object_unref)
#define g_type_check_instance_cast (gmime_late()->g_type_check_instance_cast)
#define g_type_check_instance_is_a (gmime_late()->g_type_check_instance_is_a)
#define internet_address_get_name (gmime_late()->internet_address_get_name)
#define internet_address_group_get_members (gmime_late()->internet_address_group_get_members)
#define internet_address_group_get_type (gmime_late()->internet_address_group_get_type)
#define internet_address_list_get_address (gmime_late()->internet_address_list_get_address)
#define internet_address_list_length (gmime_late()->internet_address_list_length)
#define internet_address_list_parse (gmime_late()->internet_address_list_parse)
#define internet_address_mailbox_get_addr (gmime_late()->internet_address_mailbox_get_addr)
#define internet_address_mailbox_get_idn_addr (gmime_late()->internet_address_mailbox_get_idn_addr)
#define internet_address_mailbox_get_type (gmime_late()->internet_address_mailbox_get_type)
#define internet_address_mailbox_new (gmime_late()->internet_address_mailbox_new)
#endif

#include "aardig/gmime-autoptr.h"

#endif
