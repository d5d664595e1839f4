/* Makes composed videos: draws what is written into them, and runs one kuaichu-compose for each (media/compose/main.c).
 */
#pragma once

#include "media/protocol/message.h"
#include "src/app/compose_port.h"

typedef struct {
    const char *program; /* path of kuaichu-compose */
    KcSandboxMode sandbox;
    guint uid, gid; /* what it runs as, if this is root */
} KcComposerConfig;

typedef struct KcComposer KcComposer;

KcComposer *kc_composer_new(const KcComposerConfig *config);
/* Nobody may be composing. */
void kc_composer_free(KcComposer *composer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcComposer, kc_composer_free)

const KcComposePort *kc_composer_port(KcComposer *composer);
