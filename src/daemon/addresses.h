/* The addresses of this machine that a phone may reach. */
#pragma once

#include <glib.h>

/* Numeric addresses of interfaces that are up, IPv4 first, link-local ones left out, at most 16; NULL-terminated, owned.
 * Loopback only where `loopback` says so, or where there is nothing else. */
GStrv kc_addresses_of_machine(gboolean loopback);
