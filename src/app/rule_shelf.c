#include "src/app/rule_shelf.h"

#include "src/app/rule_versions.h"

struct KcRuleShelf {
    gboolean demo, text_only;
    GRWLock lock;
    GHashTable *sets; /* of gint64 -> KcRuleSet */
    GArray *times;    /* of KcRuleTime, by number */
};

static void
set_free(KcRuleSet *set)
{
    if (set == NULL)
        return;
    kc_rules_free(set->rules);
    kc_template_free(set->determination);
    kc_template_free(set->agreement);
    g_free(set);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRuleSet, set_free)

KcRuleShelf *
kc_rule_shelf_new(gboolean demo, gboolean text_only)
{
    KcRuleShelf *shelf = g_new0(KcRuleShelf, 1);
    shelf->demo = demo;
    shelf->text_only = text_only;
    g_rw_lock_init(&shelf->lock);
    shelf->sets = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)set_free);
    shelf->times = g_array_new(FALSE, FALSE, sizeof(KcRuleTime));
    return shelf;
}

void
kc_rule_shelf_free(KcRuleShelf *shelf)
{
    if (shelf == NULL)
        return;
    g_hash_table_unref(shelf->sets);
    g_array_unref(shelf->times);
    g_rw_lock_clear(&shelf->lock);
    g_free(shelf);
}

static KcRuleSet *
parse(const KcRuleFiles *files, gboolean demo, gboolean text_only, GError **error)
{
    g_autoptr(KcRuleFiles) whole = kc_rule_files_copy(files);
    g_autoptr(KcRuleSet) set = g_new0(KcRuleSet, 1);
    kc_rule_files_complete(whole);
    kc_template_complete(whole);
    set->rules = kc_rules_parse(whole, demo, error);
    if (set->rules == NULL)
        return NULL;
    if (text_only)
        return g_steal_pointer(&set);
    set->determination = kc_template_parse(whole, KC_TEMPLATE_DETERMINATION, demo, error);
    set->agreement =
        set->determination != NULL ? kc_template_parse(whole, KC_TEMPLATE_AGREEMENT, demo, error) : NULL;
    return set->agreement != NULL ? g_steal_pointer(&set) : NULL;
}

gboolean
kc_rule_files_check(const KcRuleFiles *files, GError **error)
{
    g_autoptr(KcRuleSet) set = parse(files, FALSE, FALSE, error);
    return set != NULL;
}

gboolean
kc_rule_shelf_put(KcRuleShelf *shelf, gint64 number, const KcRuleFiles *files, GError **error)
{
    if (kc_rule_shelf_get(shelf, number) != NULL)
        return TRUE;
    g_autoptr(KcRuleSet) set = parse(files, shelf->demo, shelf->text_only, error);
    if (set == NULL)
        return FALSE;
    set->number = number;
    g_rw_lock_writer_lock(&shelf->lock);
    /* Another thread may have been faster, and somebody may hold what it put there. */
    if (!g_hash_table_contains(shelf->sets, &number)) {
        KcRuleSet *kept = g_steal_pointer(&set);
        g_hash_table_insert(shelf->sets, &kept->number, kept);
    }
    g_rw_lock_writer_unlock(&shelf->lock);
    return TRUE;
}

void
kc_rule_shelf_set_times(KcRuleShelf *shelf, const GArray *times)
{
    g_rw_lock_writer_lock(&shelf->lock);
    g_array_set_size(shelf->times, 0);
    g_array_append_vals(shelf->times, times->data, times->len);
    g_rw_lock_writer_unlock(&shelf->lock);
}

gboolean
kc_rule_shelf_is_empty(KcRuleShelf *shelf)
{
    g_rw_lock_reader_lock(&shelf->lock);
    gboolean empty = g_hash_table_size(shelf->sets) == 0;
    g_rw_lock_reader_unlock(&shelf->lock);
    return empty;
}

const KcRuleSet *
kc_rule_shelf_get(KcRuleShelf *shelf, gint64 number)
{
    g_rw_lock_reader_lock(&shelf->lock);
    const KcRuleSet *set = g_hash_table_lookup(shelf->sets, &number);
    g_rw_lock_reader_unlock(&shelf->lock);
    return set;
}

const KcRuleSet *
kc_rule_shelf_in_force(KcRuleShelf *shelf, gint64 now_us)
{
    gint64 number = 0;
    g_rw_lock_reader_lock(&shelf->lock);
    for (guint i = 0; i < shelf->times->len; i++) {
        const KcRuleTime *time = &g_array_index(shelf->times, KcRuleTime, i);
        if (number == 0 || time->from_us <= now_us)
            number = time->number;
    }
    const KcRuleSet *set = g_hash_table_lookup(shelf->sets, &number);
    g_rw_lock_reader_unlock(&shelf->lock);
    g_assert(set != NULL);
    return set;
}
