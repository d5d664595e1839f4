// Checks a kuaichu log with an implementation that is not ours: golang.org/x/mod/sumdb, which the Go checksum database
// trusts. It knows the log's address and public key, and nothing else:
//
//	client BASE-URL PUBLIC-KEY [OLDER-CHECKPOINT-FILE]
//
// Every leaf must be in the tree that the checkpoint signs, by tiles and by the service's own proofs; the tree must have
// grown from the older checkpoint. The newest one is printed.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

var base string

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "not ok: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func get(path string) []byte {
	reply, err := http.Get(base + path)
	check(err, path)
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	check(err, path)
	if reply.StatusCode != 200 {
		check(fmt.Errorf("status %d", reply.StatusCode), path)
	}
	return body
}

// Tiles as C2SP tlog-tiles names them: as Go does, without the height.
type tiles struct{}

func (tiles) Height() int { return height }

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data[i] = get("/log/" + strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1))
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func open(text []byte, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	check(err, "the key")
	opened, err := note.Open(text, note.VerifierList(verifier))
	check(err, "the checkpoint's signature")
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		check(fmt.Errorf("%q", lines[0]), "the origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "the size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "the root")
	return tlog.Tree{N: size, Hash: root}
}

func leaves(size int64) [][]byte {
	var all [][]byte
	for number := int64(0); number*256 < size; number++ {
		tile := tlog.Tile{H: height, L: 0, N: number, W: 256}
		if size-number*256 < 256 {
			tile.W = int(size - number*256)
		}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		for data := get("/log/" + path); len(data) > 0; {
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
	}
	return all
}

func served(index, size int64) tlog.RecordProof {
	var reply struct{ Hashes []string }
	check(json.Unmarshal(get(fmt.Sprintf("/api/v1/log/proof?leaf=%d&size=%d", index, size)), &reply), "a served proof")
	var proof tlog.RecordProof
	for _, text := range reply.Hashes {
		bytes, err := base64.StdEncoding.DecodeString(text)
		check(err, "a served hash")
		var hash tlog.Hash
		copy(hash[:], bytes)
		proof = append(proof, hash)
	}
	return proof
}

func main() {
	base = os.Args[1]
	text := get("/log/checkpoint")
	tree := open(text, os.Args[2])
	reader := tlog.TileHashReader(tree, tiles{})
	all := leaves(tree.N)
	if int64(len(all)) != tree.N {
		check(fmt.Errorf("%d leaves for a tree of %d", len(all), tree.N), "the leaves")
	}
	for i, leaf := range all {
		hash := tlog.RecordHash(leaf)
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		check(err, "a proof by tiles")
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), hash), "a leaf by tiles")
		if i%16 == 0 {
			check(tlog.CheckRecord(served(int64(i), tree.N), tree.N, tree.Hash, int64(i), hash), "a leaf by the service")
		}
	}
	if len(os.Args) > 3 {
		older, err := os.ReadFile(os.Args[3])
		check(err, "the older checkpoint")
		old := open(older, os.Args[2])
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		check(err, "the growth")
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), "the growth")
		fmt.Fprintf(os.Stderr, "grown from %d leaves\n", old.N)
	}
	fmt.Fprintf(os.Stderr, "%d leaves are in the tree of the checkpoint\n", tree.N)
	os.Stdout.Write(text)
}
