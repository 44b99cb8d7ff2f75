/** A small cache server in Go. */
export const cacheRepository: Readonly<Record<string, string>> = {
  'go.mod': 'module example.org/cache\n\ngo 1.22\n',
  'README.md': `# cache

An in-memory cache server. Old entries are evicted when the memory limit is reached; entries may expire.
A snapshot is written to disk from time to time. See the protocol document for the commands.
`,
  'docs/protocol.md': `# Protocol

GET key, SET key value [ttl], DEL key. Every command is one line. Unknown commands are answered with ERR.
`,
  'cmd/cached/main.go': `package main

import (
	"flag"
	"log"

	"example.org/cache/internal/server"
	"example.org/cache/internal/store"
)

func main() {
	address := flag.String("address", "127.0.0.1:7070", "where to listen")
	memory := flag.Int64("memory", 64<<20, "bytes kept before entries are evicted")
	snapshot := flag.String("snapshot", "cache.snapshot", "file for snapshots")
	flag.Parse()

	entries := store.New(*memory)
	if err := entries.LoadSnapshot(*snapshot); err != nil {
		log.Printf("starting empty: %v", err)
	}
	log.Fatal(server.ListenAndServe(*address, entries))
}
`,
  'internal/server/server.go': `package server

import (
	"bufio"
	"net"

	"example.org/cache/internal/store"
)

const maxConnections = 512

// ListenAndServe accepts connections until the listener fails.
func ListenAndServe(address string, entries *store.Store) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	slots := make(chan struct{}, maxConnections)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			serve(connection, entries)
		}()
	}
}

func serve(connection net.Conn, entries *store.Store) {
	defer connection.Close()
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		connection.Write([]byte(execute(lines.Text(), entries) + "\\n"))
	}
}
`,
  'internal/server/command.go': `package server

import (
	"strconv"
	"strings"
	"time"

	"example.org/cache/internal/store"
)

// execute parses one line and answers it.
func execute(line string, entries *store.Store) string {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return "ERR empty command"
	}
	switch strings.ToUpper(fields[0]) {
	case "GET":
		return entries.Get(fields[1])
	case "SET":
		return set(fields[1:], entries)
	case "DEL":
		entries.Delete(fields[1])
		return "OK"
	default:
		return "ERR unknown command " + fields[0]
	}
}

func set(arguments []string, entries *store.Store) string {
	ttl := time.Duration(0)
	if len(arguments) == 3 {
		seconds, err := strconv.Atoi(arguments[2])
		if err != nil {
			return "ERR ttl must be a number"
		}
		ttl = time.Duration(seconds) * time.Second
	}
	entries.Set(arguments[0], arguments[1], ttl)
	return "OK"
}
`,
  'internal/store/store.go': `package store

import (
	"container/list"
	"sync"
	"time"
)

// Store keeps entries in memory, the least recently used last.
type Store struct {
	mutex   sync.Mutex
	entries map[string]*list.Element
	order   *list.List
	bytes   int64
	limit   int64
}

func New(limit int64) *Store {
	return &Store{entries: map[string]*list.Element{}, order: list.New(), limit: limit}
}

func (s *Store) Get(key string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	element, found := s.entries[key]
	if !found || element.Value.(*entry).expired(time.Now()) {
		return ""
	}
	s.order.MoveToFront(element)
	return element.Value.(*entry).value
}

func (s *Store) Set(key, value string, ttl time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.remove(key)
	s.entries[key] = s.order.PushFront(newEntry(key, value, ttl))
	s.bytes += int64(len(key) + len(value))
	s.evict()
}

// evict drops the least recently used entries until the rest fits the memory limit.
func (s *Store) evict() {
	for s.bytes > s.limit && s.order.Len() > 0 {
		s.remove(s.order.Back().Value.(*entry).key)
	}
}
`,
  'internal/store/entry.go': `package store

import "time"

type entry struct {
	key, value string
	expiresAt  time.Time
}

func newEntry(key, value string, ttl time.Duration) *entry {
	e := &entry{key: key, value: value}
	if ttl > 0 {
		e.expiresAt = time.Now().Add(ttl)
	}
	return e
}

func (e *entry) expired(now time.Time) bool {
	return !e.expiresAt.IsZero() && now.After(e.expiresAt)
}
`,
  'internal/store/snapshot.go': `package store

import (
	"encoding/json"
	"os"
)

// SaveSnapshot writes all entries to a file that replaces the old one whole.
func (s *Store) SaveSnapshot(path string) error {
	file, err := os.CreateTemp("", "snapshot")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(file).Encode(s.all()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func (s *Store) LoadSnapshot(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return json.NewDecoder(file).Decode(&s.entries)
}
`,
  'internal/store/store_test.go': `package store

import "testing"

func TestEvictsLeastRecentlyUsedEntries(t *testing.T) {
	entries := New(10)
	entries.Set("memory", "limit", 0)
	entries.Set("evicted", "entries", 0)
}

func TestEntriesExpire(t *testing.T) {}
`,
};
