/* A numeric address and perhaps a port, as settings write them. Pure. */
#pragma once

#include <glib.h>

/* "192.0.2.1", "192.0.2.1:40000", "2001:db8::1" or "[2001:db8::1]:40000"; FALSE for anything else, and nothing is set.
 * `*ret_address` is owned; `*ret_port` is 0 where none was written. */
gboolean kc_endpoint_parse(const char *text, char **ret_address, guint16 *ret_port);
