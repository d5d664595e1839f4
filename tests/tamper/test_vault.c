/* Every file of the vault: bits flipped, cut, lengthened, its chunks in another order, swapped with another file of the
 * same case and of another, deleted, put there, set back to what it was earlier. The database is not touched, so that
 * one that is open serves all trials. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/app/check_vault.h"
#include "src/app/internal.h"
#include "src/base/hex.h"
#include "tests/tamper/files.h"
#include "tests/tamper/town.h"
#include "tests/tamper/trial.h"

#define SMALL (16 * 1024)
#define MOST_FLIPS 10000
#define MOST_CUTS 1000
#define OUTSIDE "0123"

static Town town;
static char *folder, *vault;
static KcKeyring *keyring;
static KcStore *store;
static GPtrArray *names; /* of char: within the vault */
static GRand *random_numbers;

/* ---- Folder ---- */

static void
list_case(const char *case_id)
{
    g_autofree char *path = g_build_filename(vault, case_id, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_build_filename(case_id, name, NULL));
}

static void
setup(void)
{
    g_autoptr(GError) error = NULL;
    town_make(&town);
    folder = town_copy(town.today);
    vault = g_build_filename(folder, "vault", NULL);
    names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(town.cases); i++)
        list_case(town.cases[i]);
    const KcAppOptions options = {.data_dir = folder};
    g_autofree char *database = g_build_filename(folder, "kuaichu.db", NULL);
    keyring = kc_app_open_keyring(&options, FALSE, &error);
    kc_assert_no_error(error);
    store = kc_store_open_for_check(database, keyring, &error);
    kc_assert_no_error(error);
    random_numbers = g_rand_new_with_seed(20261130);
}

static void
teardown(void)
{
    g_rand_free(random_numbers);
    kc_store_close(store);
    kc_keyring_free(keyring);
    g_ptr_array_unref(names);
    g_free(vault);
    kc_test_dir_remove(folder);
    town_clear(&town);
}

static TamperedFile *
open_file(const char *name)
{
    g_autofree char *path = g_build_filename(vault, name, NULL);
    return tampered_file_new(path);
}

/* ---- One trial ---- */

static Verdict *
look(void)
{
    Verdict *verdict = verdict_new();
    const KcCheckOptions options = {.found = verdict_add, .user_data = verdict};
    KcCheckTotals totals = {0};
    g_autoptr(GError) error = NULL;
    ck_assert(kc_check_vault(store, vault, &options, &totals, &error));
    kc_assert_no_error(error);
    return verdict;
}

/* `second`: another file that was touched too, or NULL. */
static void
judge(const char *what, const char *how, const char *name, const char *second, gsize at)
{
    g_autoptr(Verdict) verdict = look();
    gboolean named = FALSE, wrong = FALSE;
    for (guint i = 0; i < verdict->findings->len; i++) {
        const TrialFinding *finding = verdict->findings->pdata[i];
        gboolean of_it =
            g_strcmp0(finding->file, name) == 0 || (second != NULL && g_strcmp0(finding->file, second) == 0);
        named = named || of_it;
        wrong = wrong || !of_it;
    }
    g_autofree char *text = verdict_text(verdict);
    g_autofree char *where = g_strdup_printf("%s at %" G_GSIZE_FORMAT ": %s", name, at, text);
    trial_count(what, how, wrong ? TRIAL_FALSE : named ? TRIAL_NAMED : TRIAL_MISSED, where);
}

/* ---- What is done ---- */

static const char *
size_of(const TamperedFile *file)
{
    return file->len <= SMALL ? "small file" : "large file";
}

static void
flip(const TamperedFile *file, const char *name)
{
    g_autoptr(GArray) positions = tampered_positions(file->len, SMALL, MOST_FLIPS, random_numbers);
    for (guint i = 0; i < positions->len; i += trial_every(97)) {
        gsize at = g_array_index(positions, gsize, i);
        guint bit = g_rand_int_range(random_numbers, 0, 8);
        tampered_file_flip(file, at, bit);
        judge(size_of(file), "bit flip", name, NULL, at);
        tampered_file_flip(file, at, bit);
    }
}

static void
cut(const TamperedFile *file, const char *name)
{
    g_autoptr(GArray) positions = tampered_positions(file->len, SMALL, MOST_CUTS, random_numbers);
    for (guint i = 0; i < positions->len; i += trial_every(97)) {
        gsize at = g_array_index(positions, gsize, i);
        tampered_file_write(file, file->bytes, at);
        judge(size_of(file), "truncation", name, NULL, at);
    }
    tampered_file_put_back(file);
}

static void
lengthen(const TamperedFile *file, const char *name)
{
    for (guint more = 1; more <= 4096; more *= 4) {
        g_autofree char *bytes = g_malloc0(file->len + more);
        memcpy(bytes, file->bytes, file->len);
        tampered_file_write(file, bytes, file->len + more);
        judge(size_of(file), "insertion at the end", name, NULL, file->len);
        tampered_file_write(file, bytes + more, file->len);
        judge(size_of(file), "bytes moved on", name, NULL, more);
    }
    tampered_file_put_back(file);
}

/* Two stretches of the same length change places: chunks, where the stretch is one. */
static void
reorder(const TamperedFile *file, const char *name)
{
    for (guint i = 0; i < 64 && file->len > 256; i += MIN(trial_every(8), 8)) {
        gsize len = MAX(16, file->len / 16),
              from = (gsize)(g_rand_double(random_numbers) * (double)(file->len - 2 * len)),
              to = from + len + (gsize)(g_rand_double(random_numbers) * (double)(file->len - from - 2 * len));
        g_autofree char *bytes = g_memdup2(file->bytes, file->len);
        memcpy(bytes + from, file->bytes + to, len);
        memcpy(bytes + to, file->bytes + from, len);
        tampered_file_write(file, bytes, file->len);
        judge(size_of(file), "reordering", name, NULL, from);
    }
    tampered_file_put_back(file);
}

static void delete (const TamperedFile *file, const char *name)
{
    ck_assert_int_eq(g_unlink(file->path), 0);
    judge(size_of(file), "deletion", name, NULL, 0);
    tampered_file_put_back(file);
}

/* A copy under a name of its own, in its case, in the other one, and beside the cases. */
static void
insert(const TamperedFile *file)
{
    for (guint i = 0; i <= G_N_ELEMENTS(town.cases); i++) {
        const char *where = i < G_N_ELEMENTS(town.cases) ? town.cases[i] : OUTSIDE;
        g_autofree char *name = g_build_filename(where, "019f0000-0000-7000-8000-000000000000.kcv", NULL);
        g_autofree char *path = g_build_filename(vault, name, NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        g_mkdir_with_parents(parent, 0700);
        const TamperedFile copy = {path, file->bytes, file->len};
        tampered_file_put_back(&copy);
        judge(size_of(file), "insertion", name, NULL, 0);
        g_unlink(path);
        if (strcmp(where, OUTSIDE) == 0)
            g_rmdir(parent);
    }
}

static void
swap(guint first, guint second)
{
    g_autoptr(TamperedFile) a = open_file(names->pdata[first]);
    g_autoptr(TamperedFile) b = open_file(names->pdata[second]);
    gboolean one_case = strncmp(names->pdata[first], names->pdata[second], strlen(town.cases[0])) == 0;
    const char *how = one_case ? "swap in the case" : "swap between cases";
    tampered_file_write(a, b->bytes, b->len);
    judge(size_of(a), one_case ? "replaced by the case's" : "replaced by another's", names->pdata[first], NULL, 0);
    tampered_file_write(b, a->bytes, a->len);
    judge(size_of(a), how, names->pdata[first], names->pdata[second], 0);
    tampered_file_put_back(a);
    tampered_file_put_back(b);
}

START_TEST(every_file_that_is_changed_is_named)
{
    g_autoptr(Verdict) before = look();
    ck_assert(verdict_is_clean(before));
    ck_assert_uint_ge(names->len, 8);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autoptr(TamperedFile) file = open_file(name);
        flip(file, name);
        cut(file, name);
        lengthen(file, name);
        reorder(file, name);
        delete (file, name);
        insert(file);
        for (guint other = i + 1; other < names->len; other++)
            swap(i, other);
    }
    g_autoptr(Verdict) after = look();
    ck_assert(verdict_is_clean(after));
    trial_end("Files of the vault");
}
END_TEST

static Suite *
vault_suite(void)
{
    Suite *suite = suite_create("tamper/vault");
    TCase *tests = tcase_create("vault");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 3000);
    tcase_add_test(tests, every_file_that_is_changed_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(vault_suite())
