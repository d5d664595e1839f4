/* Tables of names of enumerations: how a value is spelled in JSON, SQL and rules. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* The place of `text` among the `count` of `names`, of which some may be NULL; -1 if it isn't there, or NULL. */
gint kc_names_find(const char *const *names, guint count, const char *text);
