#include "src/domain/report_words.h"

#include <string.h>

char *
kc_report_number(gint64 number)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, ABS(number));
    GString *out = g_string_new(number < 0 ? "-" : "");
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, FALSE);
}

char *
kc_report_share(gint64 part, gint64 whole)
{
    if (whole <= 0)
        return g_strdup("—");
    gint64 permille = (part * 2000 + whole) / (2 * whole);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "%%", permille / 10, permille % 10);
}

char *
kc_report_duration(gint64 s, KcReportLanguage language)
{
    gboolean zh = language == KC_REPORT_ZH;
    if (s < 0)
        return g_strdup("—");
    if (s < 60)
        return g_strdup_printf(zh ? "%" G_GINT64_FORMAT " 秒" : "%" G_GINT64_FORMAT " s", s);
    if (s % 60 == 0)
        return g_strdup_printf(zh ? "%" G_GINT64_FORMAT " 分钟" : "%" G_GINT64_FORMAT " min", s / 60);
    return g_strdup_printf(zh ? "%" G_GINT64_FORMAT " 分 %" G_GINT64_FORMAT " 秒"
                              : "%" G_GINT64_FORMAT " min %" G_GINT64_FORMAT " s",
                           s / 60, s % 60);
}
