/* A picture without what the telephone wrote into it: place, time, owner, model (EXIF, XMP, IPTC, comments). The
 * picture itself stays as it is, byte for byte. Pure; safe on any bytes. */
#pragma once

#include <glib.h>

/* Owned. NULL if the bytes are no JPEG, PNG or WebP that can be read to its end, so that nothing can be said of them.
 * The turn of a JPEG (EXIF orientation) is kept. */
GBytes *kc_picture_without_metadata(const guint8 *data, gsize len);
