/* What rotating the master key costs at CASES cases (1,000,000), and what erasing every third of them does to the safe.
 *
 *     ninja -C BUILD tests/bench/rotation_bench && BUILD/tests/bench/rotation_bench [CASES]     ($TMPDIR holds the
 * files) */
#include "src/store/case_keys_store.h"
#include "src/store/case_store.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

#define A_TURN 1000

typedef struct {
    guint first, done;
} Turn;

static void
require(gboolean ok, const GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "rotation_bench: %s\n", error != NULL ? error->message : "failed");
    exit(EXIT_FAILURE);
}

static gboolean
insert(KcTx *tx, gpointer data, GError **error)
{
    const Turn *turn = data;
    for (guint i = turn->first; i < turn->first + A_TURN; i++) {
        g_autofree char *id = g_strdup_printf("01900000-0000-7000-8000-%012u", i);
        g_autofree char *number = g_strdup_printf("C-20250101-%06u", i);
        KcCaseRow row = {.id = id,
                         .number = number,
                         .state = (char *)"closed",
                         .channel = (char *)"web",
                         .created_us = i + 1, /* which search wants to be its own */
                         .updated_us = i + 1};
        if (!kc_case_store_insert(tx, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
rewrap(KcTx *tx, gpointer data, GError **error)
{
    return kc_case_keys_rewrap(tx, A_TURN, &((Turn *)data)->done, error);
}

static double
seconds_since(gint64 start)
{
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static goffset
size_of(const char *path)
{
    GStatBuf st;
    return g_stat(path, &st) == 0 ? st.st_size : -1;
}

static void
rotate(KcKeyring *keyring, KcStore *store, guint cases)
{
    g_autoptr(GError) error = NULL;
    Turn turn = {0};
    gint64 start = g_get_monotonic_time();
    require(kc_keyring_begin_rotation(keyring, &error), error);
    do
        require(kc_store_write(store, rewrap, &turn, &error), error);
    while (turn.done > 0);
    require(kc_keyring_end_rotation(keyring, &error), error);
    double took = seconds_since(start);
    printf("rotate            %8.1f s   %8.0f cases/s\n", took, cases / took);
}

/* As retention does, a thousand at a time: every third case is kept long. */
static void
destroy(KcKeyring *keyring, const char *safe, guint cases)
{
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    for (guint first = 1; first <= cases; first += A_TURN) {
        g_autoptr(GArray) leaves = g_array_new(FALSE, FALSE, sizeof(guint32));
        for (guint slot = first; slot < first + A_TURN; slot++) {
            guint32 leaf = kc_key_leaf(KC_KEY_CASE, slot), other = kc_key_leaf(KC_KEY_RECORDINGS, slot);
            if (slot % 3 != 0)
                g_array_append_val(leaves, leaf);
            g_array_append_val(leaves, other);
        }
        require(kc_keyring_destroy(keyring, leaves, &error), error);
    }
    printf("destroy two of three %5.1f s   safe %" G_GOFFSET_FORMAT " bytes\n", seconds_since(start), size_of(safe));
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    guint cases = argc > 1 ? (guint)strtoul(argv[1], NULL, 10) : 1000000;
    char *dir = kc_test_dir_new();
    g_autofree char *master = g_build_filename(dir, "master.key", NULL),
                    *safe = g_build_filename(dir, "master.cases", NULL);
    g_autofree char *database = g_build_filename(dir, "kuaichu.db", NULL);
    g_autoptr(KcKeyring) keyring = kc_keyring_open(master, TRUE, &error);
    require(keyring != NULL, error);
    KcStore *store = kc_store_open(database, keyring, &error);
    require(store != NULL, error);
    gint64 start = g_get_monotonic_time();
    for (Turn turn = {0}; turn.first < cases; turn.first += A_TURN)
        require(kc_store_write(store, insert, &turn, &error), error);
    printf("%u cases in %.1f s; the safe has %" G_GOFFSET_FORMAT " bytes\n", cases, seconds_since(start),
           size_of(safe));
    rotate(keyring, store, cases);
    destroy(keyring, safe, cases);
    kc_store_close(store);
    kc_test_dir_remove(dir);
    return EXIT_SUCCESS;
}
