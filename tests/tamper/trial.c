#include "tests/tamper/trial.h"

#include <stdio.h>
#include <stdlib.h>

#define TOLD_MOST 40

guint
trial_every(guint usual)
{
    const char *every = g_getenv("KC_TAMPER_EVERY");
    return every != NULL ? (guint)MAX(1, atoi(every)) : usual;
}

/* ---- Verdicts ---- */

static void
finding_free(gpointer data)
{
    TrialFinding *finding = data;
    g_free(finding->kind);
    g_free(finding->table);
    g_free(finding->row);
    g_free(finding->case_id);
    g_free(finding->file);
    g_free(finding->text);
    g_free(finding);
}

Verdict *
verdict_new(void)
{
    Verdict *verdict = g_new0(Verdict, 1);
    verdict->findings = g_ptr_array_new_with_free_func(finding_free);
    return verdict;
}

void
verdict_free(Verdict *verdict)
{
    if (verdict == NULL)
        return;
    g_ptr_array_unref(verdict->findings);
    g_free(verdict->error);
    g_free(verdict);
}

void
verdict_add(const KcDamage *damage, gpointer data)
{
    Verdict *verdict = data;
    TrialFinding *finding = g_new0(TrialFinding, 1);
    finding->kind = g_strdup(damage->kind);
    finding->table = g_strdup(damage->table);
    finding->row = g_strdup(damage->row);
    finding->case_id = g_strdup(damage->case_id);
    finding->file = g_strdup(damage->file);
    finding->text = g_strdup(damage->text);
    g_ptr_array_add(verdict->findings, finding);
}

Verdict *
verdict_of(const char *folder, const char *checkpoint)
{
    Verdict *verdict = verdict_new();
    const char *const held[] = {checkpoint, NULL};
    const KcCheckOptions options = {.data_dir = folder, .held = held, .found = verdict_add, .user_data = verdict};
    KcCheckTotals totals;
    g_autoptr(GError) error = NULL;
    if (!kc_app_check_folder(&options, &totals, &error))
        verdict->error = g_strdup(error->message);
    ck_assert_int_eq(totals.findings, verdict->findings->len);
    return verdict;
}

gboolean
verdict_is_clean(const Verdict *verdict)
{
    return verdict->findings->len == 0 && verdict->error == NULL;
}

char *
verdict_text(const Verdict *verdict)
{
    GString *text = g_string_new(verdict->error);
    for (guint i = 0; i < verdict->findings->len; i++) {
        const TrialFinding *finding = verdict->findings->pdata[i];
        g_string_append_printf(text, "%s%s [%s]", text->len > 0 ? "\n" : "", finding->text, finding->kind);
    }
    return g_string_free(text, FALSE);
}

/* ---- Figures ---- */

typedef struct {
    char *what, *how;
    guint outcomes[TRIAL_OUTCOMES];
} Line;

static GPtrArray *lines;  /* of Line, in the order in which they came up */
static GPtrArray *told;   /* of char: what was missed, false or not named */
static GPtrArray *cannot; /* of char: reasons, each once */

static Line *
line_of(const char *what, const char *how)
{
    for (guint i = 0; i < lines->len; i++) {
        Line *line = lines->pdata[i];
        if (g_str_equal(line->what, what) && g_str_equal(line->how, how))
            return line;
    }
    Line *line = g_new0(Line, 1);
    line->what = g_strdup(what);
    line->how = g_strdup(how);
    g_ptr_array_add(lines, line);
    return line;
}

static void
line_free(gpointer data)
{
    Line *line = data;
    g_free(line->what);
    g_free(line->how);
    g_free(line);
}

void
trial_count(const char *what, const char *how, TrialOutcome outcome, const char *where)
{
    if (lines == NULL) {
        lines = g_ptr_array_new_with_free_func(line_free);
        told = g_ptr_array_new_with_free_func(g_free);
        cannot = g_ptr_array_new_with_free_func(g_free);
    }
    line_of(what, how)->outcomes[outcome]++;
    if (outcome == TRIAL_MISSED || outcome == TRIAL_FALSE || outcome == TRIAL_FOUND)
        g_ptr_array_add(told, g_strdup_printf("%s: %s, %s: %s",
                                              outcome == TRIAL_MISSED  ? "MISSED"
                                              : outcome == TRIAL_FALSE ? "FALSE"
                                                                       : "NOT NAMED",
                                              what, how, where));
    if (outcome == TRIAL_CANNOT && !g_ptr_array_find_with_equal_func(cannot, where, g_str_equal, NULL))
        g_ptr_array_add(cannot, g_strdup(where));
}

static void
print_line(const char *what, const char *how, const guint *outcomes)
{
    guint tried = 0;
    for (guint i = 0; i < TRIAL_CANNOT; i++)
        tried += outcomes[i];
    printf("%-24s %-22s %7u", what, how, tried);
    for (guint i = 0; i < TRIAL_OUTCOMES; i++)
        printf(" %7u", outcomes[i]);
    printf("\n");
}

void
trial_end(const char *title)
{
    guint sum[TRIAL_OUTCOMES] = {0};
    ck_assert_msg(lines != NULL, "nothing was tried");
    printf("\n%s\n%-24s %-22s %7s %7s %7s %7s %7s %7s %7s\n", title, "what", "how", "tried", "named", "found", "free",
           "missed", "false", "can't");
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = lines->pdata[i];
        print_line(line->what, line->how, line->outcomes);
        for (guint k = 0; k < TRIAL_OUTCOMES; k++)
            sum[k] += line->outcomes[k];
    }
    print_line("all", "", sum);
    for (guint i = 0; i < MIN(told->len, TOLD_MOST); i++)
        printf("%s\n", (const char *)told->pdata[i]);
    for (guint i = 0; i < cannot->len; i++)
        printf("can't: %s\n", (const char *)cannot->pdata[i]);
    fflush(stdout);
    g_clear_pointer(&lines, g_ptr_array_unref);
    g_clear_pointer(&told, g_ptr_array_unref);
    g_clear_pointer(&cannot, g_ptr_array_unref);
    ck_assert_msg(sum[TRIAL_MISSED] == 0 && sum[TRIAL_FALSE] == 0 && sum[TRIAL_FOUND] == 0,
                  "%u missed, %u false, %u not named", sum[TRIAL_MISSED], sum[TRIAL_FALSE], sum[TRIAL_FOUND]);
}
