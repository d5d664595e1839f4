/* The listening socket: parsed, bound, listening; IPv6's any-address takes IPv4 too. */
#pragma once

#include <glib.h>

/* -1 with a KC_HTTP_ERROR. `ret_url_host`: the host as a URL writes it, owned. */
int kc_http_listen(const char *address, char **ret_url_host, guint16 *ret_port, GError **error);
