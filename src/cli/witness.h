/* kuaichu witness: another's log is cosigned (src/witness). Needs no data folder of a service. */
#pragma once

#include <glib.h>

/* Until SIGTERM or SIGINT; prints "kuaichu witness ready URL" and its key when it answers. */
int kc_cli_witness_serve(const char *state_dir, const char *name, const char *listen, const char *const *logs);
/* Prints the key of that name; made if there is none yet. */
int kc_cli_witness_key(const char *state_dir, const char *name);
