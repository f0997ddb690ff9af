//go:build tools

// Package tools names an S3 server on a folder, so that this module's go.mod and go.sum pin what it is built from.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
