/* A composer that only pretends: it opens its sources as the real one does, and seals a video of one picture.
 *
 * Thread-safe. */
#pragma once

#include "src/app/compose_port.h"

typedef struct KcFakeComposer KcFakeComposer;

KcFakeComposer *kc_fake_composer_new(void);
void kc_fake_composer_free(KcFakeComposer *composer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFakeComposer, kc_fake_composer_free)

/* Valid as long as the fake; NULL of NULL. */
const KcComposePort *kc_fake_composer_port(KcFakeComposer *composer);

/* From now on each stands at 500 of 1000, until it is let go or stopped. */
void kc_fake_composer_hold(KcFakeComposer *composer);
void kc_fake_composer_let_go(KcFakeComposer *composer);
/* Waits until one stands there. */
void kc_fake_composer_wait(KcFakeComposer *composer);
/* The next `times` end like this. */
void kc_fake_composer_fail(KcFakeComposer *composer, const char *code, guint times);
/* How many were begun. */
guint kc_fake_composer_begun(KcFakeComposer *composer);
/* The last order: "C-… 甲方 张三|民警 王建国 611001: 2"; owned. */
char *kc_fake_composer_order(KcFakeComposer *composer);
