/* Offers and fragments from anyone. What is accepted keeps within the ranges that the header names and is answered; the
 * answer must be readable text of the same number of sections, and our fragment must be read as it was written. */
#include <stdint.h>
#include <string.h>

#include "media/transport/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
answer(const KcSdpOffer *offer)
{
    static const guint8 fingerprint[KC_SDP_FINGERPRINT_BYTES];
    static const KcUdpAddr offered = {.port = 9};
    KcSdpAnswer description = {"1", "ufragufr", "pwdpwdpwdpwdpwdpwdpwdpwd", fingerprint, &offered, 1, &offered, 1, "cname", {{0}}};
    guint sections = 0;

    for (guint i = 0; i < offer->n_sections; i++)
        description.sends[i] = (KcSdpSend){i + 1, 100 + i, "s", "t"};
    g_autofree char *text = kc_sdp_answer_write(offer, &description);
    g_autofree char *fragment = kc_sdp_frag_write(offer, &description);
    g_assert(g_utf8_validate(text, -1, NULL) && g_utf8_validate(fragment, -1, NULL));
    for (const char *at = text; (at = strstr(at, "\nm=")) != NULL; at++)
        sections++;
    g_assert(sections == offer->n_sections);
    g_auto(KcSdpRefusal) refusal = {0};
    g_auto(KcSdpFrag) frag = {0};
    g_assert(kc_sdp_frag_parse(fragment, strlen(fragment), &frag, &refusal));
    g_assert(g_str_equal(frag.ufrag, description.ufrag) && g_str_equal(frag.pwd, description.pwd));
}

static void
ranges(const KcSdpOffer *offer)
{
    guint of_kind[3] = {0};

    g_assert(offer->n_sections > 0 && offer->n_sections <= KC_SDP_SECTIONS_MAX);
    g_assert(strlen(offer->ufrag) <= KC_SDP_UFRAG_CHARS && strlen(offer->pwd) <= KC_SDP_PWD_CHARS);
    for (guint i = 0; i < offer->n_sections; i++) {
        const KcSdpSection *section = &offer->sections[i];

        of_kind[section->kind]++;
        g_assert(section->payload_type < 128 && section->rtx_payload_type < 128);
        g_assert(section->ext_mid < 15 && section->ext_transport_cc < 15 && section->ext_abs_send_time < 15);
        for (guint j = 0; j < i; j++)
            g_assert(!section->accepted || !offer->sections[j].accepted ||
                     !g_str_equal(section->mid, offer->sections[j].mid));
    }
    g_assert(of_kind[KC_SDP_AUDIO] <= KC_SDP_AUDIO_MAX && of_kind[KC_SDP_VIDEO] <= KC_SDP_VIDEO_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(KcSdpRefusal) refusal = {0}, second = {0};
    g_auto(KcSdpFrag) frag = {0};
    g_autoptr(KcSdpOffer) offer = kc_sdp_offer_parse((const char *)data, size, &refusal);

    g_assert((offer == NULL) == (refusal.status != 0));
    if (offer != NULL) {
        ranges(offer);
        answer(offer);
    }
    g_assert(kc_sdp_frag_parse((const char *)data, size, &frag, &second) == (second.status == 0));
    return 0;
}
