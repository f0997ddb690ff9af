"""YAML texts into node trees and plain values, each with its position."""
