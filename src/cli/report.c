#include "src/cli/report.h"

#include <stdio.h>
#include <stdlib.h>

int
kc_cli_report(gboolean done, const KcResult *result, const GError *error, const char *words)
{
    if (done) {
        printf("%s\n", words);
        return EXIT_SUCCESS;
    }
    g_printerr("kuaichu: %s\n", error != NULL            ? error->message
                                : result->detail != NULL ? result->detail
                                                         : result->code);
    for (guint i = 0; result->errors != NULL && i < result->errors->len; i++) {
        const KcFieldError *field = g_ptr_array_index(result->errors, i);
        g_printerr("  %s: %s\n", field->pointer, field->message);
    }
    return EXIT_FAILURE;
}
