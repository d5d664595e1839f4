/* Are the particulars of a party well formed? Plate (GA 36-2018), phone, identity number (GB 11643-1999), driving
 * licence number, insurer, number of the compulsory insurance.
 *
 * What was typed is normalised first: full-width signs, small letters, spaces, dots and dashes, and the letters O and I
 * where only digits can stand. Each check takes a normalised text and returns NULL when it is good, else a static
 * message. The pages do the same while somebody types (web/shared/particulars.ts): both are held to
 * tests/vectors/particulars.json. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef struct {
    const char *code; /* "plate_form", …: the same in the pages */
    const char *zh;
    const char *en;
} KcParticularsProblem;

/* Owned: upper case, without spaces, dots and dashes; after province and letter an O is a 0 and an I a 1 ("陕h·1234O" →
 * "陕H12340"). NULL for NULL. */
char *kc_plate_number_normalize(const char *text);

/* `plate_type`: hpzl code ("02", "52", …); NULL: any usual form will do. Type 41 (no plate) takes only NULL or "". */
const KcParticularsProblem *kc_plate_number_check(const char *plate_number, const char *plate_type);

/* Owned: without spaces, dashes, brackets and the country code +86/0086. */
char *kc_phone_normalize(const char *text);

/* A mobile number of the mainland, a fixed line with its area code, or a number abroad with + and country. */
const KcParticularsProblem *kc_phone_check(const char *phone);

char *kc_id_number_normalize(const char *text);

/* 18 characters, a date that exists, the check digit of ISO 7064 MOD 11-2; or a passport. */
const KcParticularsProblem *kc_id_number_check(const char *id_number);

char *kc_licence_number_normalize(const char *text);

/* The number of a licence is the holder's identity number; licences of foreigners and of the forces differ: 6 to 20
 * letters and digits. What has 18 digits is checked as an identity number. */
const KcParticularsProblem *kc_licence_number_check(const char *licence_number);

/* A person's name: 1 to 50 characters, no control characters. */
const KcParticularsProblem *kc_person_name_check(const char *name);

/* Owned: trimmed. */
char *kc_insurer_normalize(const char *text);

/* The name of a company: 2 to 40 characters, and not digits alone. Whether it is on the list of the rules is for the
 * caller: another name may be right. */
const KcParticularsProblem *kc_insurer_check(const char *insurer);

char *kc_certificate_normalize(const char *text);

/* The number of a policy of compulsory insurance, as companies give it: 10 to 30 letters and digits, six digits at
 * least. */
const KcParticularsProblem *kc_certificate_check(const char *certificate);
