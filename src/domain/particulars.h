/* Are the particulars of a party well formed? Plate (GA 36-2018), mobile phone, identity number (GB 11643-1999),
 * driving licence number.
 *
 * Each check takes a normalised text and returns NULL when it is good, else a static message. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef struct {
    const char *zh;
    const char *en;
} KcParticularsProblem;

/* Owned: trimmed, upper case, without spaces, dots and dashes ("陕h·12345" → "陕H12345"); NULL for NULL. */
char *kc_plate_number_normalize(const char *text);

/* `plate_type`: hpzl code ("02", "52", …); NULL: any usual form will do. Type 41 (no plate) takes only NULL or "". */
const KcParticularsProblem *kc_plate_number_check(const char *plate_number, const char *plate_type);

/* Owned: without spaces, dashes and the country code +86/0086. */
char *kc_phone_normalize(const char *text);

/* A Chinese mobile number, 11 digits. */
const KcParticularsProblem *kc_phone_check(const char *phone);

/* 18 characters, a date that exists, the check digit of ISO 7064 MOD 11-2. */
const KcParticularsProblem *kc_id_number_check(const char *id_number);

/* The number of a licence is the holder's identity number; licences of foreigners and of the forces differ: 6 to 20
 * letters and digits. What has 18 digits is checked as an identity number. */
const KcParticularsProblem *kc_licence_number_check(const char *licence_number);

/* A person's name: 1 to 50 characters, no control characters. */
const KcParticularsProblem *kc_person_name_check(const char *name);
