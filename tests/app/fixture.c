#include "tests/app/fixture.h"

#include "src/base/timestamp.h"

static gint64
fixture_now(gpointer data)
{
    return ((Fixture *)data)->now_us;
}

static gint64
fixture_free(const char *dir, gpointer data)
{
    return ((Fixture *)data)->free_bytes;
}

static KcApp *
new_app(Fixture *fixture, GError **error)
{
    KcAppOptions options = {
        .data_dir = fixture->dir,
        .rules_dir = fixture->rules_dir,
        .text_only = fixture->text_only,
        .media = kc_fake_media_port(fixture->media),
        .compose = kc_fake_composer_port(fixture->composer),
        .witness = fixture->witness,
        .demo = TRUE,
        .purpose_asked = TRUE,
        .now_us = fixture_now,
        .free_bytes = fixture_free,
        .clock_data = fixture,
        .password_cost = KC_PASSWORD_COST_TEST,
    };
    return kc_app_new(&options, error);
}

void
fixture_start(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    fixture->media = kc_fake_media_new();
    fixture->app = new_app(fixture, &error);
    kc_assert_no_error(error);
}

char *
fixture_refused_start(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(new_app(fixture, &error));
    return g_strdup(error->message);
}

void
fixture_open(Fixture *fixture)
{
    fixture_open_with(fixture, NULL, NULL, NULL);
}

void
fixture_open_with(Fixture *fixture, const char *file, const char *from, const char *to)
{
    *fixture = (Fixture){
        .dir = kc_test_dir_new(), .composer = kc_fake_composer_new(), .free_bytes = G_GINT64_CONSTANT(1) << 40};
    if (file != NULL)
        fixture->rules_dir = kc_test_dir_copy(KC_RULES_DIR, file, from, to);
    ck_assert(kc_timestamp_parse("2026-11-23T08:00:00Z", &fixture->now_us));
    fixture_start(fixture);
}

void
fixture_restart(Fixture *fixture)
{
    kc_app_free(fixture->app);
    kc_fake_media_free(fixture->media);
    fixture_start(fixture);
}

void
fixture_settle(Fixture *fixture)
{
    kc_fake_media_settle(fixture->media);
    kc_app_wait_idle(fixture->app);
}

void
fixture_close(Fixture *fixture)
{
    kc_app_free(fixture->app);
    kc_fake_media_free(fixture->media);
    kc_fake_composer_free(fixture->composer);
    if (fixture->rules_dir != NULL)
        kc_test_dir_remove(fixture->rules_dir);
    kc_test_dir_remove(fixture->dir);
}

KcPrincipal *
fixture_staff(Fixture *fixture, const char *username)
{
    KcSignedIn signed_in = {0};
    assert_done(kc_app_sign_in(fixture->app, username, "kuaichu-demo", "192.0.2.1", &signed_in, &result, &error));
    g_free(signed_in.token);
    return signed_in.principal;
}

KcPrincipal *
fixture_party(Fixture *fixture, const char *token)
{
    KcPrincipal *principal = NULL;
    assert_done(kc_app_authenticate(fixture->app, token, "198.51.100.7", &principal, &result, &error));
    return principal;
}

KcOpenCase
fixture_request(void)
{
    static const char *const consents[] = {"recording", "location", NULL};
    return (KcOpenCase){
        .channel = "web",
        .place_text = "商州区北新街与工农路路口",
        .has_position = TRUE,
        .latitude = 33.8704,
        .longitude = 109.9187,
        .accuracy_m = 12,
        .consents = consents,
        .party = {.name = "张三", .phone = "13800000000", .plate_number = "陕H12345", .plate_type = "02"},
    };
}

void
scene_open(Fixture *fixture, Scene *scene)
{
    *scene = (Scene){0};
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    assert_done(kc_app_open_case(fixture->app, nobody, &request, &opened, &result, &error));
    scene->id = g_strdup(opened.view->row->id);
    scene->party_id = g_strdup(opened.party_id);
    scene->party = fixture_party(fixture, opened.token);
    scene->officer = fixture_staff(fixture, "officer");
}

void
scene_claim(Fixture *fixture, Scene *scene)
{
    KcQueuePlace place;
    g_autoptr(KcCaseView) view = NULL;
    scene_open(fixture, scene);
    assert_done(kc_app_join_queue(fixture->app, scene->party, scene->id, &place, &result, &error));
    assert_done(kc_app_claim_case(fixture->app, scene->officer, scene->id, 0, &view, &result, &error));
}

char *
fixture_join(Fixture *fixture, const KcPrincipal *who, const char *case_id, const char *o_id)
{
    g_autofree char *offer = kc_fake_media_offer(o_id);
    g_auto(KcJoinedCall) joined = {0};
    assert_done(kc_app_join_call(fixture->app, who, case_id, offer, &joined, &result, &error));
    kc_fake_media_connect(fixture->media, joined.leg_id);
    return g_steal_pointer(&joined.leg_id);
}

void
scene_call(Fixture *fixture, Scene *scene)
{
    scene_claim(fixture, scene);
    scene->party_leg = fixture_join(fixture, scene->party, scene->id, "1001");
    scene->officer_leg = fixture_join(fixture, scene->officer, scene->id, "2001");
}

void
scene_clear(Scene *scene)
{
    g_free(scene->id);
    g_free(scene->party_id);
    g_free(scene->party_leg);
    g_free(scene->officer_leg);
    kc_principal_free(scene->party);
    kc_principal_free(scene->officer);
}

KcCaseView *
fixture_case(Fixture *fixture, const KcPrincipal *who, const char *case_id)
{
    KcCaseView *view = NULL;
    assert_done(kc_app_get_case(fixture->app, who, case_id, &view, &result, &error));
    return view;
}

KcDetermination *
fixture_draft(const Scene *scene, const char *still_id)
{
    KcDetermination *draft = kc_determination_new();
    kc_timestamp_parse("2026-11-23T07:50:00Z", &draft->occurred_at_us);
    draft->place_text = g_strdup("商州区北新街与工农路路口");
    draft->weather = g_strdup("1");
    draft->accident_form = g_strdup("35");
    draft->collision_object = g_strdup("11");
    draft->facts = g_strdup("甲车驶出车道，与中央隔离设施相撞。");
    draft->cause = g_strdup("未按规定车道行驶。");
    draft->injured = 0;
    draft->damage_cny = 800;
    KcDeterminationParty *party = kc_determination_party_new();
    party->party_id = g_strdup(scene->party_id);
    party->vehicle_type = g_strdup("K3");
    party->plate_number = g_strdup("陕H12345");
    party->plate_type = g_strdup("02");
    party->insurer = g_strdup("PICC");
    party->licence_number = g_strdup("6125011985");
    party->collision_part = g_strdup("front");
    party->liability = KC_LIABILITY_FULL;
    g_ptr_array_add(party->violations, g_strdup("WRONG_WAY"));
    g_ptr_array_add(draft->parties, party);
    KcReason *reason = kc_reason_new();
    reason->text = g_strdup("照片显示甲车前部与隔离设施接触。");
    if (still_id != NULL)
        g_ptr_array_add(reason->evidence, kc_evidence_ref_new(KC_EVIDENCE_STILL, still_id, -1));
    g_ptr_array_add(draft->reasons, reason);
    return draft;
}

GBytes *
fixture_png(void)
{
    static const guint8 png[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 'I', 'H',
                                 'D',  'R', 0,   0,   2,    0x58, 0,    0,    1, 0, 8, 6,  0,   0};
    return g_bytes_new_static(png, sizeof png);
}

void
fixture_abort(const KcResult *result)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; result->errors != NULL && i < result->errors->len; i++) {
        const KcFieldError *field = result->errors->pdata[i];
        g_string_append_printf(text, "\n  %s: %s", field->pointer, field->message);
    }
    ck_abort_msg("refused: %s %s%s", result->code, result->detail, text->str);
}
