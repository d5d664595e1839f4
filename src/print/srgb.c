#include "src/print/srgb.h"

#include <lcms2.h>
#include <string.h>

#define VERSION 2.1    /* which every reader of PDF/A knows */
#define DATE_OFFSET 24 /* of the header's creation date … */
#define DATE_BYTES 12  /* … which is when the profile was made: now */

GByteArray *
kc_srgb_profile(void)
{
    static const guint8 date[DATE_BYTES] = {2001 >> 8, 2001 & 0xFF, 0, 1, 0, 1};
    cmsHPROFILE profile = cmsCreate_sRGBProfile();
    cmsUInt32Number size = 0;
    cmsSetProfileVersion(profile, VERSION);
    gboolean sized = cmsSaveProfileToMem(profile, NULL, &size);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, size);
    gboolean saved = sized && cmsSaveProfileToMem(profile, bytes->data, &size);
    g_assert(saved); /* it fails only where memory does */
    cmsCloseProfile(profile);
    memcpy(bytes->data + DATE_OFFSET, date, sizeof date);
    return bytes;
}
