/* Offers and fragments from anyone. What is accepted is answered, and the answer must be readable text of the same
 * number of sections. */
#include <stdint.h>
#include <string.h>

#include "media/transport/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
answer(const KcSdpOffer *offer)
{
    static const guint8 fingerprint[KC_SDP_FINGERPRINT_BYTES];
    static const char *const addresses[] = {"127.0.0.1", NULL};
    KcSdpAnswer description = {"1", "ufragufr", "pwdpwdpwdpwdpwdpwdpwdpwd", fingerprint, addresses, 9, "cname", {{0}}};
    guint sections = 0;

    for (guint i = 0; i < offer->n_sections; i++)
        description.sends[i] = (KcSdpSend){i + 1, 100 + i, "s", "t"};
    g_autofree char *text = kc_sdp_answer_write(offer, &description);
    g_autofree char *fragment = kc_sdp_frag_write(offer, &description);
    g_assert(g_utf8_validate(text, -1, NULL) && g_utf8_validate(fragment, -1, NULL));
    for (const char *at = text; (at = strstr(at, "\nm=")) != NULL; at++)
        sections++;
    g_assert(sections == offer->n_sections);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(KcSdpRefusal) refusal = {0}, second = {0};
    g_auto(KcSdpFrag) frag = {0};
    g_autoptr(KcSdpOffer) offer = kc_sdp_offer_parse((const char *)data, size, &refusal);

    g_assert((offer == NULL) == (refusal.status != 0));
    if (offer != NULL)
        answer(offer);
    g_assert(kc_sdp_frag_parse((const char *)data, size, &frag, &second) == (second.status == 0));
    return 0;
}
