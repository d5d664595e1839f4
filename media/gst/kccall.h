/* The pipeline of one call: kcpeer per participant, one kcroute, kcrecorder per recorded participant. Who is in whose
 * slots is the route's.
 *
 * Belongs to the transport's thread, like everything that flows through it. */
#pragma once

#include "media/gst/kcpeer.h"
#include "media/gst/kcroute.h"

typedef struct KcCallPipeline KcCallPipeline;

/* Registers kcpeer and kcroute, so that a GstPipeline can be described with them. After gst_init; once is enough. */
void kc_gst_register(void);

KcCallPipeline *kc_call_pipeline_new(const char *name);
/* The elements must have been removed. Takes NULL. */
void kc_call_pipeline_free(KcCallPipeline *pipeline);

/* Puts a participant on a free seat. `recorder` (an element with pads audio_sink and video_sink) may be NULL. Both are
 * the pipeline's from here on; add a reference to keep one. */
void kc_call_pipeline_add(KcCallPipeline *pipeline, guint seat, KcPeer *peer, GstElement *recorder);

/* Borrowed. */
KcRoute *kc_call_pipeline_route(KcCallPipeline *pipeline);

/* Takes a participant away; the others' numbering goes on. */
void kc_call_pipeline_remove(KcCallPipeline *pipeline, guint seat);

/* Writes NAME.dot into $GST_DEBUG_DUMP_DOT_DIR, if that is set. */
void kc_call_pipeline_draw(KcCallPipeline *pipeline, const char *name);
