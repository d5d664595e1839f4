#include "src/app/internal.h"
#include "src/app/verification.h"

const char *
kc_verified_status(const KcVerified *verified)
{
    if (verified->revoked_us > 0)
        return "revoked";
    if (g_strcmp0(verified->proposal, "withdrawn") == 0)
        return "withdrawn";
    if (g_strcmp0(verified->proposal, "open") == 0)
        return "proposed";
    return verified->corrected_by != NULL ? "corrected" : "in_force";
}

typedef struct {
    const char *sha256;
    KcVerified *verified;
    KcResult *result;
} Verify;

static gboolean
find(KcTx *tx, gpointer data, GError **error)
{
    Verify *self = data;
    if (!kc_verify_store_find(tx, self->sha256, &self->verified, error))
        return FALSE;
    if (self->verified == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "document-unknown",
                         "本单位没有签发过内容与此一致的文书；请核对是否扫描、选择了正确的文件。 / This service has issued no document "
                         "with exactly this content; see whether it is the right file or code.");
    return TRUE;
}

gboolean
kc_app_verify_document(KcApp *app, const char *sha256, KcVerified **ret_verified, KcResult *result, GError **error)
{
    if (sha256 == NULL || strlen(sha256) != 64 || strspn(sha256, "0123456789abcdefABCDEF") != 64)
        return kc_refuse_field(result, "/sha256", "应为64位十六进制摘要 / 64 hexadecimal digits");
    g_autofree char *lower = g_ascii_strdown(sha256, -1);
    Verify self = {.sha256 = lower, .result = result};
    if (!kc_app_read(app, find, &self, result, error))
        return FALSE;
    *ret_verified = self.verified;
    return TRUE;
}
