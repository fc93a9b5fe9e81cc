// Check an export with the reference packages of the Go project: go run check_export.go EXPORT VKEY.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var result [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		result = append(result, data)
	}
	return result, nil
}

func check(err error) {
	if err != nil {
		fmt.Println("NOT VALID:", err)
		os.Exit(1)
	}
}

func main() {
	out, vkey := folder(os.Args[1]), os.Args[2]
	verifier, err := note.NewVerifier(vkey)
	check(err)
	content, err := os.ReadFile(filepath.Join(string(out), "checkpoint"))
	check(err)
	opened, err := note.Open(content, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], raw)
	reader := tlog.TileHashReader(tree, out)
	for n := int64(0); n < size; {
		tile := tlog.Tile{H: 8, L: 0, N: n >> 8, W: 256}
		if size-n < 256 {
			tile.W = int(size - n)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(string(out), path))
		check(err)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			leaf := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			proof, err := tlog.ProveRecord(size, n, reader)
			check(err)
			check(tlog.CheckRecord(proof, size, tree.Hash, n, tlog.RecordHash(leaf)))
			n++
		}
	}
	for old := int64(1); old < size; old += 97 {
		root, err := tlog.TreeHash(old, reader)
		check(err)
		proof, err := tlog.ProveTree(size, old, reader)
		check(err)
		check(tlog.CheckTree(proof, size, tree.Hash, old, root))
	}
	fmt.Println("valid:", size, opened.Sigs[0].Name)
}
