/* desk.json: the targets of the desk, when a seat counts as away, and how a case comes to one. */
#include "src/domain/roles.h"
#include "src/rules/lists.h"

#define DAY_S 86400

static gint64
seconds(KcReader *reader, const json_t *object, const char *key)
{
    return (gint64)kc_reader_number(reader, object, key, 1, DAY_S);
}

static void
read_targets(KcReader *reader, const json_t *root, KcDeskPolicy *desk)
{
    static const char *const keys[] = {"answer", "clear", "close", NULL};
    const json_t *targets = kc_reader_member(reader, root, "targets_s", JSON_OBJECT);
    kc_reader_enter(reader, "targets_s");
    if (kc_reader_object(reader, targets, keys)) {
        desk->answer_s = seconds(reader, targets, "answer");
        desk->clear_s = seconds(reader, targets, "clear");
        desk->close_s = seconds(reader, targets, "close");
    }
    kc_reader_leave(reader);
}

/* ---- how a case comes to a seat; a file that says nothing of it leaves the queue to be picked from ---- */

static void
read_draw_among(KcReader *reader, const json_t *root, KcDeskPolicy *desk)
{
    g_auto(GStrv) names = kc_reader_texts(reader, root, "draw_among");
    desk->draw_among = 0;
    kc_reader_enter(reader, "draw_among");
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        KcRole role;
        kc_reader_enter_index(reader, i);
        if (!kc_role_from_string(names[i], &role) || !kc_role_may(role, KC_ACTION_CLAIM))
            kc_reader_refuse(reader, "\"%s\" is no role that takes cases: intake_operator, officer or supervisor",
                             names[i]);
        else
            desk->draw_among |= 1u << role;
        kc_reader_leave(reader);
    }
    if (desk->draw_among == 0)
        kc_reader_refuse(reader, "a lot needs somebody to come to");
    kc_reader_leave(reader);
}

static void
read_assignment(KcReader *reader, const json_t *root, KcDeskPolicy *desk)
{
    g_autofree char *text = kc_reader_optional_text(reader, root, "assignment");
    desk->assignment = KC_ASSIGN_PICK;
    desk->draw_among = 1u << KC_ROLE_OFFICER;
    desk->accept_s = desk->offer_s;
    if (text != NULL && !kc_assignment_from_string(text, &desk->assignment)) {
        kc_reader_enter(reader, "assignment");
        kc_reader_refuse(reader, "\"%s\" is no way to assign a case: pick or draw", text);
        kc_reader_leave(reader);
    }
    if (json_object_get(root, "draw_among") != NULL)
        read_draw_among(reader, root, desk);
    if (json_object_get(root, "accept_s") != NULL)
        desk->accept_s = seconds(reader, root, "accept_s");
}

/* ---- which closed cases are looked at again, and which of these twice ---- */

static guint
number_or(KcReader *reader, const json_t *root, const char *key, int least, int most, guint absent)
{
    return json_object_get(root, key) != NULL ? (guint)kc_reader_number(reader, root, key, least, most) : absent;
}

static void
read_samples(KcReader *reader, const json_t *root, KcDeskPolicy *desk)
{
    desk->sample_percent = number_or(reader, root, "sample_percent", 0, 100, 5);
    desk->blind_percent = number_or(reader, root, "blind_percent", 0, 100, 20);
    desk->blind_days = number_or(reader, root, "blind_days", 1, 365, 14);
}

void
kc_rules_read_desk(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about",        "effective_from", "kind",    "legal_basis", "targets_s",
                                       "away_after_s", "gone_after_s",   "offer_s", "assignment",
                                       "draw_among",   "accept_s",       "sample_percent", "blind_percent",
                                       "blind_days",   NULL};
    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    read_targets(reader, root, &rules->desk);
    rules->desk.away_after_s = seconds(reader, root, "away_after_s");
    rules->desk.gone_after_s = seconds(reader, root, "gone_after_s");
    rules->desk.offer_s = seconds(reader, root, "offer_s");
    read_assignment(reader, root, &rules->desk);
    read_samples(reader, root, &rules->desk);
}
