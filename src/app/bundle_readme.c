#include "src/app/bundle_draft.h"

static const char zh[] = "%s %s的证据包（%s）\n"
                         "\n"
                         "本文件包由证据系统导出，任何人无需信任该系统即可核对。\n"
                         "  manifest.json          案件事实、每个文件的SHA-256、日志记录及其存在证明\n"
                         "  manifest.json.minisig  系统对上一文件的签名（minisign格式，密钥 %s）\n"
                         "  service.pub            系统的公钥。请另从系统网址 /log/service.pub 或向办案单位取得后比对\n"
                         "  SHA256SUMS             以上及全部其他文件的SHA-256\n"
                         "%s"
                         "\n"
                         "核对方法（解压后，在本文件夹内执行）：\n"
                         "  sha256sum -c SHA256SUMS\n"
                         "  minisign -Vm manifest.json -p service.pub\n"
                         "或在系统的命令行中：kuaichu verify 本文件.zip\n"
                         "或用浏览器打开 verify.html（不需要网络），把本ZIP文件或本文件夹拖入页面。\n";

static const char en[] =
    "Evidence of %s %s (%s)\n"
    "\n"
    "Exported by the evidence service; anyone can check it without trusting that service.\n"
    "  manifest.json          facts of the case, the SHA-256 of every file, entries of the log with their proofs\n"
    "  manifest.json.minisig  the service's signature over it (minisign, key %s)\n"
    "  service.pub            the service's public key. Get it elsewhere too, from /log/service.pub or from the unit, "
    "and compare\n"
    "  SHA256SUMS             SHA-256 of these and all other files\n"
    "%s"
    "\n"
    "To check (unpacked, in this folder):\n"
    "  sha256sum -c SHA256SUMS\n"
    "  minisign -Vm manifest.json -p service.pub\n"
    "or on a command line that has it: kuaichu verify THIS.zip\n"
    "or open verify.html in a browser (no network is needed) and drop this ZIP file or this folder onto it.\n";

static void
append_problems(GString *out, const KcBundleDraft *draft)
{
    if (draft->problems->len == 0)
        return;
    g_string_append(out,
                    "\n!! 导出时已损坏，不完整或不在包内 / damaged when exported, and incomplete or absent here:\n");
    for (guint i = 0; i < draft->problems->len; i++)
        g_string_append_printf(out, "  %s\n", (const char *)draft->problems->pdata[i]);
}

char *
kc_bundle_readme(const KcBundleDraft *draft, const char *key_id)
{
    GString *out = g_string_new(NULL);
    const char *number = draft->view->row->number;
    const char *label = kc_bundle_label(draft, draft->who->party_id);
    g_autofree char *made = kc_timestamp_format(draft->now_us);
    g_autofree char *whom_zh = draft->excerpt ? g_strdup_printf("当事人%s摘录", label) : g_strdup("全部");
    g_autofree char *whom_en = draft->excerpt ? g_strdup_printf("excerpt for party %s", label) : g_strdup("all of it");
    const char *more_zh =
        draft->excerpt ? "\n摘录依《道路交通事故处理程序规定》第六十五条，其他当事人的个人信息已遮盖或未列入。\n" : "";
    const char *more_en =
        draft->excerpt ? "\nAn excerpt (Order 146, art. 65): what is personal to others is masked or left out.\n" : "";
    if (draft->app->demo)
        g_string_append(out, "【演示】 DEMO\n\n");
    g_string_append_printf(out, zh, "案件", number, whom_zh, key_id, more_zh);
    g_string_append_c(out, '\n');
    g_string_append_printf(out, en, "case", number, whom_en, key_id, more_en);
    append_problems(out, draft);
    g_string_append_printf(out, "\n%s\n", made);
    return g_string_free(out, FALSE);
}
