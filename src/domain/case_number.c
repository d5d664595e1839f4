#include "src/domain/case_number.h"

#include "src/domain/local_time.h"

#include <stdlib.h>
#include <string.h>

char *
kc_case_number_format(gint64 unix_us, guint sequence)
{
    g_assert(sequence >= 1 && sequence <= KC_CASE_NUMBER_MAX);
    g_autofree char *date = kc_local_date(unix_us);
    return g_strdup_printf("C-%.4s%.2s%.2s-%06u", date, date + 5, date + 8, sequence);
}

char *
kc_document_number_format(const char *case_number, guint ordinal)
{
    g_assert(ordinal >= 1);
    return g_strdup_printf("%s-D%u", case_number, ordinal);
}

char *
kc_agreement_number_format(const char *case_number, guint ordinal)
{
    g_assert(ordinal >= 1);
    return g_strdup_printf("%s-A%u", case_number, ordinal);
}

gboolean
kc_case_number_parse(const char *text, char **ret_date, guint *ret_sequence)
{
    static const char form[] = "C-00000000-000000";

    if (text == NULL || strlen(text) != strlen(form))
        return FALSE;
    for (gsize i = 0; form[i] != '\0'; i++)
        if (form[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return FALSE;
    g_autofree char *date = g_strdup_printf("%.4s-%.2s-%.2s", text + 2, text + 6, text + 8);
    guint sequence = (guint)atoi(text + 11);
    if (!kc_local_date_is_valid(date) || sequence == 0)
        return FALSE;
    *ret_date = g_steal_pointer(&date);
    *ret_sequence = sequence;
    return TRUE;
}
