/* What a search costs over CASES (1,000,000) synthetic cases, made by the store's own functions: each kind of question
 * and several at once, the first page of 50 cases, read and opened, with the count up to 1,000. Prints a table.
 *
 *     ninja -C BUILD tests/bench/search_bench && BUILD/tests/bench/search_bench [CASES [FOLDER]]
 *
 * A FOLDER is kept, and used again if it holds cases; without one $TMPDIR holds it (about 5 GB for a million). */
#include "src/domain/local_time.h"
#include "src/store/determination_store.h"
#include "src/store/document_store.h"
#include "src/store/party_store.h"
#include "src/store/search_store.h"
#include "src/store/sql.h"
#include "src/store/user_store.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A_TURN 5000
#define ASKED 100 /* questions of each kind */
#define OFFICERS 60
#define NEWEST_US G_GINT64_CONSTANT(1795420800000000) /* 2026-11-23 */
#define APART_US (60 * G_TIME_SPAN_SECOND)
#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐",
                                       "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁",
                                       "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭"};
static const char given[] =
    "伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂文辉玲建国华红梅志新海燕春雪峰林浩宇轩子涵梓萱晨阳佳琪";
static const char road[] =
    "北南东西新兴工农江滨民主和平建设解放中山胜利文化商州丹凤洛神金银秦岭龙凤虎山青松翠柏长安朝阳团结友谊";
static const char *const counties[] = {"611002", "611021", "611022", "611023", "611024", "611025", "611026"};
static const char *const forms[] = {"11", "12", "13", "21", "22", "23", "31", "32"};
static const char *const facts[] = {
    "甲车由东向西行驶至路口时变更车道，与同向行驶的乙车左前部发生刮擦，造成两车受损。",
    "乙车在路口等候信号灯，甲车未保持安全距离追尾碰撞乙车后部，无人受伤。",
    "甲车倒车时未察明车后情况，与停放的乙车前保险杠发生碰撞。",
    "甲车左转弯未让直行的乙车先行，两车在路口中心发生碰撞，车灯破损。",
    "甲车驶出停车泊位时未让正常行驶的乙车，右侧车门与乙车前角刮擦。",
    "雨天路滑，甲车制动不及与前方减速的乙车相撞，后备箱变形。",
    "甲车逆行进入单行道，与正常行驶的乙车会车时后视镜相互刮擦。",
    "甲车开启车门时妨碍后方非机动车通行，骑车人避让不及与车门相撞。",
};
static const char *const statements[] = {
    "我认为对方车速过快，不应由我承担全部责任。",
    "当时信号灯已经变绿，我正常起步，对方突然并线。",
    "我没有看清后方来车，愿意承担责任，希望尽快赔偿。",
    "对方打着电话开车，行车记录仪可以证明。",
    "刹车突然失灵，我已经尽力避让。",
    "我不同意该认定，要求复核。",
};

typedef struct {
    GRand *rand;
    GPtrArray *officers;
    gint64 first, count;
    gint64 total;
} Bench;

static void
require(gboolean ok, const GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "search_bench: %s\n", error != NULL ? error->message : "failed");
    exit(EXIT_FAILURE);
}

#define PICK(rand, list) list[g_rand_int_range(rand, 0, G_N_ELEMENTS(list))]

static char *
han(GRand *rand, const char *from, int count)
{
    GString *text = g_string_new(NULL);
    glong chars = g_utf8_strlen(from, -1);
    for (int i = 0; i < count; i++)
        g_string_append_unichar(
            text, g_utf8_get_char(g_utf8_offset_to_pointer(from, g_rand_int_range(rand, 0, (gint32)chars))));
    return g_string_free(text, FALSE);
}

static char *
person(GRand *rand)
{
    g_autofree char *first = han(rand, given, g_rand_int_range(rand, 1, 3));
    return g_strconcat(PICK(rand, surnames), first, NULL);
}

static char *
plate(GRand *rand)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    char end[6] = "";
    for (int i = 0; i < 5; i++)
        end[i] = letters[g_rand_int_range(rand, i == 0 ? 0 : 24, 34)];
    return g_strdup_printf("陕%c%s", "ABCDEFHJK"[g_rand_int_range(rand, 0, 9)], end);
}

static char *
place(GRand *rand)
{
    g_autofree char *one = han(rand, road, 2), *other = han(rand, road, 2);
    return g_strdup_printf("商州区%s路与%s街路口向东%d米", one, other, g_rand_int_range(rand, 1, 90) * 10);
}

/* ---- Making ---- */

static char *
id_of(gint64 kind, gint64 number)
{
    return g_strdup_printf("01935cd1-%04x-7000-8000-%012" G_GINT64_MODIFIER "x", (guint)kind, number);
}

static gboolean
make_party(const Bench *bench, KcTx *tx, const char *case_id, gint64 n, int which, GError **error)
{
    GRand *rand = bench->rand;
    g_autofree char *id = id_of(which + 1, n), *name = person(rand), *number = plate(rand);
    g_autofree char *phone = g_strdup_printf("1%010u", g_rand_int_range(rand, 300000000, 999999999));
    g_autofree char *licence = g_strdup_printf("6125011990%08u", g_rand_int_range(rand, 0, 99999999));
    const KcParty party = {.id = id,
                           .case_id = (char *)case_id,
                           .label = (char *)(which == 0 ? "A" : "B"),
                           .is_reporter = which == 0,
                           .created_us = 1,
                           .name = name,
                           .phone = phone,
                           .plate_number = number,
                           .licence_number = licence};
    return kc_party_store_insert(tx, &party, error);
}

static gboolean
make_texts(const Bench *bench, KcTx *tx, const char *case_id, const char *number, gint64 n, GError **error)
{
    GRand *rand = bench->rand;
    g_autofree char *document_id = id_of(4, n), *document_number = g_strconcat(number, "-D1", NULL);
    g_autofree char *party_id = id_of(1, n), *signature_id = id_of(5, n);
    const char *officer = bench->officers->pdata[n % OFFICERS];
    g_autofree char *draft = g_strdup_printf(
        "{\"accident_form\":\"%s\",\"facts\":\"%s\",\"cause\":\"%s\",\"reasons\":[{\"text\":\"%s\",\"evidence\":[]}]}",
        PICK(rand, forms), PICK(rand, facts), PICK(rand, facts), PICK(rand, statements));
    const KcDeterminationRow determination = {.case_id = (char *)case_id,
                                              .draft_json = draft,
                                              .status = (char *)"draft",
                                              .updated_by = (char *)officer,
                                              .updated_us = 1};
    const KcDocumentRow document = {.id = document_id,
                                    .case_id = (char *)case_id,
                                    .kind = (char *)"determination",
                                    .number = document_number,
                                    .text = draft,
                                    .sha256 = (char *)SHA,
                                    .issued_by = (char *)officer,
                                    .issued_us = 1};
    const KcSignature signature = {.id = signature_id,
                                   .case_id = (char *)case_id,
                                   .document_id = document_id,
                                   .party_id = party_id,
                                   .decision = (char *)(n % 25 == 0 ? "refused" : "signed"),
                                   .statement = (char *)(n % 5 == 0 ? PICK(rand, statements) : NULL),
                                   .document_sha256 = (char *)SHA,
                                   .signed_us = 1};
    return kc_determination_store_put(tx, &determination, error) && kc_document_store_insert(tx, &document, error) &&
           kc_signature_store_insert(tx, &signature, error);
}

static gboolean
make_case(const Bench *bench, KcTx *tx, gint64 n, GError **error)
{
    GRand *rand = bench->rand;
    gint64 at_us = NEWEST_US - (bench->total - n) * APART_US;
    g_autofree char *id = id_of(0, n), *where = place(rand), *day = kc_local_date(at_us);
    g_autofree char *number = g_strdup_printf("C-%.4s%.2s%.2s-%06" G_GINT64_FORMAT, day, day + 5, day + 8, n % 1000000);
    gint32 fate = g_rand_int_range(rand, 0, 100);
    const KcCaseRow row = {.id = id,
                           .number = number,
                           .state = (char *)(fate < 90   ? "closed"
                                             : fate < 95 ? "on_scene"
                                                         : "served"),
                           .county = (char *)PICK(rand, counties),
                           .channel = (char *)"web",
                           .officer_id = bench->officers->pdata[n % OFFICERS],
                           .closing_code = (char *)(fate < 80   ? "1"
                                                    : fate < 90 ? "3"
                                                                : NULL),
                           .created_us = at_us,
                           .updated_us = at_us,
                           .triage_json = (char *)"{}",
                           .eligibility_json = (char *)"{}",
                           .place_text = where};
    return kc_case_store_insert(tx, &row, error) && make_party(bench, tx, id, n, 0, error) &&
           make_party(bench, tx, id, n, 1, error) && make_texts(bench, tx, id, number, n, error);
}

static gboolean
make_some(KcTx *tx, gpointer data, GError **error)
{
    const Bench *bench = data;
    /* So many pages are touched by so many cases at once; the service saves one at a time. */
    if (!kc_connection_exec(tx->connection, "PRAGMA cache_size = -1000000", error))
        return FALSE;
    for (gint64 i = 0; i < bench->count; i++)
        if (!make_case(bench, tx, bench->first + i, error))
            return FALSE;
    return TRUE;
}

static gboolean
make_officers(KcTx *tx, gpointer data, GError **error)
{
    const Bench *bench = data;
    for (guint i = 0; i < OFFICERS; i++) {
        g_autofree char *username = g_strdup_printf("officer%u", i), *badge = g_strdup_printf("611%03u", i);
        g_autofree char *name = person(bench->rand);
        const KcUser user = {.id = bench->officers->pdata[i],
                             .username = username,
                             .name = name,
                             .role = (char *)"officer",
                             .badge_number = badge,
                             .password_hash = (char *)"$argon2id$",
                             .created_us = 1};
        if (!kc_user_store_insert(tx, &user, error))
            return FALSE;
    }
    return TRUE;
}

static void
make_all(Bench *bench, const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(dir, "keys", NULL), *key = g_build_filename(keys, "master.key", NULL);
    g_autofree char *path = g_build_filename(dir, "kuaichu.db", NULL);
    g_mkdir_with_parents(keys, 0700);
    g_autoptr(KcKeyring) keyring = kc_keyring_open(key, TRUE, &error);
    require(keyring != NULL, error);
    g_autoptr(KcStore) store = kc_store_open(path, keyring, &error);
    require(store != NULL, error);
    require(kc_store_write(store, make_officers, bench, &error), error);
    gint64 began = g_get_monotonic_time();
    for (bench->first = 0; bench->first < bench->total; bench->first += A_TURN) {
        bench->count = MIN(A_TURN, bench->total - bench->first);
        require(kc_store_write(store, make_some, bench, &error), error);
        if (bench->first % (20 * A_TURN) == 0)
            fprintf(stderr, "%" G_GINT64_FORMAT " cases, %.0f s\n", bench->first + bench->count,
                    (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
    }
    printf("%" G_GINT64_FORMAT " cases were made in %.0f s\n", bench->total,
           (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
}

/* ---- Asking ---- */

typedef struct {
    const char *what;
    char *(*ask)(Bench *bench, KcSearch *query); /* what is typed, owned; and filters */
} Kind;

static char *
ask_number(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return g_strdup_printf("%06d", g_rand_int_range(bench->rand, 0, (gint32)MIN(bench->total, 1000000)));
}

static char *
ask_plate(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return plate(bench->rand);
}

static char *
ask_plate_end(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return g_strdup_printf("%03d", g_rand_int_range(bench->rand, 0, 1000));
}

static char *
ask_phone_end(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return g_strdup_printf("%04d", g_rand_int_range(bench->rand, 0, 10000));
}

static char *
ask_name(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return person(bench->rand);
}

static char *
ask_surname(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return g_strdup(PICK(bench->rand, surnames));
}

static char *
ask_place(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    g_autofree char *one = han(bench->rand, road, 2);
    return g_strconcat(one, "路", NULL);
}

static char *
ask_words(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    static const char *const words[] = {"变更车道", "行车记录仪", "刹车失灵", "追尾",
                                        "后视镜",   "要求复核",   "信号灯",   "倒车"};
    return g_strdup(PICK(bench->rand, words));
}

static char *
ask_absent(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    static const char *const words[] = {"左转弯 倒车 逆行", "两车倒车 南路", "行车碰撞", "不在这里的话",
                                        "路面 刹车 后视镜 陈"};
    return g_strdup(PICK(bench->rand, words));
}

static char *
ask_officer(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    return g_strdup_printf("611%03d", g_rand_int_range(bench->rand, 0, OFFICERS));
}

static char *
ask_form(Bench *bench, KcSearch *query)
{
    static const char *one[] = {NULL, NULL};
    one[0] = PICK(bench->rand, forms);
    query->forms = one;
    return NULL;
}

static char *
ask_outcome(Bench *bench G_GNUC_UNUSED, KcSearch *query)
{
    static const char *const refused[] = {"refused", NULL}, *const closing[] = {"3", NULL};
    query->decisions = refused;
    query->closings = closing;
    return NULL;
}

static char *
ask_days(Bench *bench, KcSearch *query G_GNUC_UNUSED)
{
    gint64 back = g_rand_int_range(bench->rand, 1, (gint32)(bench->total / 1440) + 2);
    return kc_local_date(NEWEST_US - back * 24 * G_TIME_SPAN_HOUR);
}

static char *
ask_mixed(Bench *bench, KcSearch *query)
{
    static const char *const closed[] = {"closed", NULL};
    g_autofree char *where = ask_place(bench, query), *what = ask_words(bench, query);
    query->states = closed;
    static const char *county[] = {NULL, NULL};
    county[0] = PICK(bench->rand, counties);
    query->counties = county;
    return g_strdup_printf("%s %s %s", PICK(bench->rand, surnames), where, what);
}

static char *
ask_mixed_days(Bench *bench, KcSearch *query)
{
    g_autofree char *day = ask_days(bench, query), *what = ask_words(bench, query);
    return g_strdup_printf("%s %s 611%03d", day, what, g_rand_int_range(bench->rand, 0, OFFICERS));
}

static const Kind kinds[] = {
    {"number, its end", ask_number},
    {"plate", ask_plate},
    {"plate, last three", ask_plate_end},
    {"phone, last four", ask_phone_end},
    {"name", ask_name},
    {"surname", ask_surname},
    {"place", ask_place},
    {"words of facts, reasons, statements", ask_words},
    {"words that don't stand together", ask_absent},
    {"officer's badge", ask_officer},
    {"accident form", ask_form},
    {"outcome: closing code and refusal", ask_outcome},
    {"a day", ask_days},
    {"surname, place, words, county, state", ask_mixed},
    {"day, words, officer", ask_mixed_days},
};

static int
compare(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

/* As the service reads it: a badge is an officer too. */
typedef struct {
    const Bench *bench;
    const char *q;
    KcSearch search;
    KcFound found;
} Question;

static gboolean
answer(KcTx *tx, gpointer data, GError **error)
{
    Question *self = data;
    KcSearchPiece pieces[KC_SEARCH_PIECES_MAX] = {{0}};
    const char *officers[KC_SEARCH_PIECES_MAX][2] = {{NULL}};
    g_autoptr(KcSearchQuery) query = kc_search_query_parse(self->q, NEWEST_US);
    for (guint i = 0; i < query->pieces->len; i++) {
        const char *text = query->pieces->pdata[i];
        pieces[i] = (KcSearchPiece){.text = text, .fields = (1U << KC_SEARCH_FIELD_COUNT) - 1};
        if (strlen(text) != 6 || !g_str_has_prefix(text, "6110"))
            continue;
        officers[i][0] = self->bench->officers->pdata[atoi(text + 4) % OFFICERS];
        pieces[i].officer_ids = officers[i];
    }
    self->search.pieces = pieces;
    self->search.piece_count = query->pieces->len;
    self->search.from_us = query->from_us;
    self->search.to_us = query->to_us;
    self->search.limit = 50;
    self->search.count_to = 1000;
    return kc_search_store_find(tx, &self->search, &self->found, error);
}

static void
ask_kind(Bench *bench, KcStore *store, const Kind *kind)
{
    gint64 us[ASKED], found = 0, early = 0;
    for (guint i = 0; i < ASKED; i++) {
        Question question = {.bench = bench};
        g_autofree char *q = kind->ask(bench, &question.search);
        g_autoptr(GError) error = NULL;
        question.q = q;
        gint64 began = g_get_monotonic_time();
        require(kc_store_read(store, answer, &question, &error), error);
        us[i] = g_get_monotonic_time() - began;
        found += question.found.count;
        early += question.found.searched_us != 0;
        kc_found_clear(&question.found);
    }
    qsort(us, ASKED, sizeof *us, compare);
    printf("| %s | %.1f ms | %.1f ms | %.1f ms | %.0f | %" G_GINT64_FORMAT " |\n", kind->what,
           (double)us[ASKED / 2] / 1000, (double)us[ASKED * 95 / 100] / 1000, (double)us[ASKED - 1] / 1000,
           (double)found / ASKED, early);
    fflush(stdout);
}

static void
ask_all(Bench *bench, const char *dir, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *key = g_build_filename(dir, "keys", "master.key", NULL);
    g_autoptr(KcKeyring) keyring = kc_keyring_open(key, FALSE, &error);
    require(keyring != NULL, error);
    g_autoptr(KcStore) store = kc_store_open(path, keyring, &error);
    require(store != NULL, error);
    GStatBuf info;
    require(g_stat(path, &info) == 0, NULL);
    printf(
        "database: %.2f GB\n\n| question | median | 95th | longest | hits (mean, to 1,000) | pages that ended early |\n"
        "| --- | --- | --- | --- | --- | --- |\n",
        (double)info.st_size / 1e9);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        ask_kind(bench, store, &kinds[i]);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Bench bench = {.rand = g_rand_new_with_seed(7),
                   .officers = g_ptr_array_new_with_free_func(g_free),
                   .total = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : 1000000};
    require(bench.total > 0, NULL);
    char *own = argc > 2 ? NULL : kc_test_dir_new();
    const char *dir = own != NULL ? own : argv[2];
    g_autofree char *path = g_build_filename(dir, "kuaichu.db", NULL);
    for (guint i = 0; i < OFFICERS; i++)
        g_ptr_array_add(bench.officers, id_of(3, i));
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        make_all(&bench, dir);
    ask_all(&bench, dir, path);
    g_rand_free(bench.rand);
    g_ptr_array_unref(bench.officers);
    if (own != NULL)
        kc_test_dir_remove(own);
    return EXIT_SUCCESS;
}
