/* The package index as apt-cache shows it, and apt-get's complaints. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernels/apt_explain.h"
#include "kernels/fetch.h"
#include "kernels/package_index.h"

#define SHA "03e41f1c34c16583462f029e81944a85ebcdb78098c258dedfa1cfdd680a27f8"
#define STANZA(name, version, size)                                                                          \
	"Package: " name "\nSource: linux\nVersion: " version "\nInstalled-Size: 1\nDescription: a kernel\n" \
	" of several lines\nFilename: pool/x.deb\nSize: " size "\nSHA256: " SHA "\n\n"

static const char shown[] = STANZA("linux-image-6.1.0-50-cloud-amd64-unsigned", "6.1.176-1", "20000000") STANZA(
	"linux-image-6.1.0-50-cloud-amd64", "6.1.176-1",
	"26484304") STANZA("linux-image-6.1.0-50-cloud-amd64-dbg", "6.1.176-1",
			   "9") STANZA("linux-image-cloud-amd64", "6.1.176-1",
				       "9") STANZA("linux-image-7.2.13+deb14-cloud-amd64", "7.2.13-1", "1000")
	STANZA("linux-binary-unsigned-7.2.13+deb14-cloud-amd64", "7.2.13-1", "13000000")
		STANZA("linux-binary-7.2.13+deb14-cloud-amd64", "7.2.13-1",
		       "13717736") "Package: linux-binary-7.20.1-cloud-amd64\nVersion: 7.20.1-1\nSize: 5\nSHA256: " SHA;

static struct package_index parse(const char *text)
{
	struct package_index index = {0};
	struct err err = {0};

	cr_assert(package_index_parse(text, strlen(text), &index, &err) == 0, "%s", err.text);
	return index;
}

Test(package_index, one_package_for_each_release)
{
	struct package_index index = parse(shown);

	cr_assert(eq(u32, index.count, 3));
	cr_expect(eq(str, index.packages[0].name, "linux-binary-7.20.1-cloud-amd64"));
	cr_expect(eq(str, index.packages[1].name, "linux-binary-7.2.13+deb14-cloud-amd64"));
	cr_expect(eq(str, index.packages[1].release, "7.2.13+deb14-cloud-amd64"));
	cr_expect(index.packages[1].bytes == 13717736);
	cr_expect(eq(str, index.packages[1].sha256, SHA));
	cr_expect(eq(str, index.packages[2].name, "linux-image-6.1.0-50-cloud-amd64"), "the signed one");
	package_index_free(&index);
}

Test(package_index, choice)
{
	struct package_index index = parse(shown);
	char minors[32];

	cr_expect(eq(str, (char *)package_index_newest(&index, "7.2")->version, "7.2.13-1"));
	cr_expect(eq(str, (char *)package_index_newest(&index, "6")->version, "6.1.176-1"));
	cr_expect(package_index_newest(&index, "7.3") == NULL);
	cr_expect(eq(str, (char *)package_index_minors(&index, minors, sizeof(minors)), "6.1, 7.2, 7.20"));
	package_index_free(&index);
}

Test(package_index, incomplete_stanzas)
{
	static const char *const bad[] = {
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: 7.2.13-1\nSize: 5\n",
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: 7.2.13-1\nSHA256: " SHA "\n",
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: 7.2.13-1\nSize: 5x\nSHA256: " SHA "\n",
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: ../1\nSize: 5\nSHA256: " SHA "\n",
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: 7.2.13-1\nSize: 99999999999\nSHA256: " SHA "\n",
		"Package: linux-binary-7.2.13-cloud-amd64\nVersion: 7.2.13-1\nSize: 5\nSHA256: " SHA "0\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct package_index index = {0};
		struct err err = {0};

		cr_expect(package_index_parse(bad[i], strlen(bad[i]), &index, &err) == -EBADMSG, "%s", bad[i]);
		cr_expect(index.packages == NULL);
	}
}

Test(package_index, kept_between_two_calls)
{
	struct package_index index = parse(shown), again = {0};
	json_t *root;

	index.fetched_s = 1795659232;
	root = package_index_to_json(&index, "mirror keyring");
	cr_expect(eq(int, package_index_from_json(root, "other keyring", &again), -EBADMSG));
	cr_assert(eq(int, package_index_from_json(root, "mirror keyring", &again), 0));
	cr_expect(again.fetched_s == index.fetched_s);
	cr_expect(again.is_complete == false);
	cr_assert(eq(u32, again.count, index.count));
	for (unsigned i = 0; i < index.count; i++)
		cr_expect(memcmp(&again.packages[i], &index.packages[i], sizeof(index.packages[i])) == 0);
	json_decref(root);
	package_index_free(&index);
	package_index_free(&again);
}

Test(package_index, versions_that_it_lacks)
{
	struct package_index index = parse(shown);
	struct fetch wanted[] = {{.name = "debian:7.2", .version = "7.2"}, {.name = "debian:7.3", .version = "7.3"}};
	struct err err = {0};

	cr_expect(eq(int, fetch_resolve(&index, wanted, 1, &err), 0));
	cr_expect(eq(int, fetch_resolve(&index, wanted, 2, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot fetch debian:7.3: the archive has no such version"));
	cr_expect(eq(str, err.advice, "it has 6.1, 7.2, 7.20; `enomem kernels list --available` shows all"));
	package_index_free(&index);
}

/* As apt 2.6 wrote them. */
Test(apt_explain, kinds)
{
	static const struct {
		const char *messages;
		int code;
		const char *text;
	} cases[] = {
		{"W: Some\nE: Failed to fetch http://x/InRelease  Could not resolve 'nowhere.invalid'\n"
		 "E: Some index files failed to download. They have been ignored, or old ones used instead.\n",
		 ENETUNREACH, "cannot do: Failed to fetch http://x/InRelease  Could not resolve 'nowhere.invalid'"},
		{"E: Failed to fetch http://127.0.0.1:1/x  Could not connect to 127.0.0.1:1 (127.0.0.1). - connect "
		 "(111: "
		 "Connection refused)\n",
		 ENETUNREACH, NULL},
		{"W: GPG error: file:/m bookworm InRelease: The following signatures couldn't be verified because the "
		 "public key is not available: NO_PUBKEY B5161354BFF47837\nE: The repository 'file:/m bookworm "
		 "InRelease' is "
		 "not signed.\n",
		 EKEYREJECTED, NULL},
		{"E: The repository 'file:/tmp/kx/m bookworm Release' is not signed.\n", EKEYREJECTED, NULL},
		{"E: Failed to fetch file:/m/pool/x.deb  Hash Sum mismatch\n   Hashes of expected file:\n", EBADMSG,
		 NULL},
		{"E: Release file for http://d/InRelease is expired (invalid since 19d 17h 43min 34s). Updates for "
		 "this "
		 "repository will not be applied.\n",
		 ESTALE, NULL},
		{"E: Write error - write (28: No space left on device)\n", ENOSPC, NULL},
		{"E: What nobody knows", EIO, "cannot do: What nobody knows"},
		{"", EIO, "cannot do: apt-get failed and did not say why"},
		/* That nothing could be fetched matters less than that something was not to be trusted. */
		{"E: Failed to fetch x  Could not connect to y\nE: The repository 'z' is not signed.\n", EKEYREJECTED,
		 "cannot do: The repository 'z' is not signed."},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = {0};

		cr_expect(apt_explain(cases[i].messages, "do", &err) == -cases[i].code, "%s: %d", cases[i].messages,
			  err.code);
		cr_expect(cases[i].text == NULL || strcmp(err.text, cases[i].text) == 0, "%s", err.text);
		cr_expect(err.advice[0] || err.code == EIO || err.code == ENOSPC, "%s", err.text);
	}
}
