/* Runs a fuzz target as an ordinary test: over each file of the folders given, and over changes of it that are the same
 * in every run. With clang, the target itself is linked to libFuzzer instead. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHANGES 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
run_copy(const guint8 *data, gsize len)
{
    /* In memory of exactly that size, so that a sanitizer sees any step beyond. */
    g_autofree guint8 *copy = g_memdup2(data, len);

    LLVMFuzzerTestOneInput(copy, len);
}

static void
run_changed(GRand *rand, const guint8 *data, gsize len)
{
    g_autofree guint8 *copy = g_malloc(len + 1);
    gsize changed = len;

    memcpy(copy, data, len);
    for (gint n = g_rand_int_range(rand, 1, 5); n > 0 && changed > 0; n--) {
        gsize at = (gsize)g_rand_int(rand) % changed;

        switch (g_rand_int_range(rand, 0, 4)) {
        case 0:
            copy[at] = (guint8)g_rand_int(rand);
            break;
        case 1:
            copy[at] ^= (guint8)(1u << g_rand_int_range(rand, 0, 8));
            break;
        case 2:
            changed = at;
            break;
        default:
            memmove(copy + at, copy + at + 1, changed - at - 1);
            changed--;
        }
    }
    run_copy(copy, changed);
}

static guint
run_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    const char *name;
    guint files = 0;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *data = NULL;
        gsize len;

        if (!g_file_get_contents(path, &data, &len, NULL))
            continue;
        run_copy((guint8 *)data, len);
        for (guint i = 0; i < CHANGES; i++)
            run_changed(rand, (guint8 *)data, len);
        files++;
    }
    return files;
}

int
main(int argc, char **argv)
{
    guint files = 0;

    for (int i = 1; i < argc; i++)
        files += run_folder(argv[i]);
    printf("%u files, each with %d changes\n", files, CHANGES);
    return files > 0 ? 0 : 1;
}
