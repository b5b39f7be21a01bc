module rke2-stand-in

go 1.22
