"""The parts of this office, as its menu has them."""

from app.declaring import part

SERVICE = part("service", "服务", "Service", 10)
CUSTODY = part("custody", "保管", "Custody", 30)
PREMISES = part("premises", "房务", "Premises", 40)
OFFICE = part("office", "内务", "Office", 50)
ESTATE = part("estate", "房产", "Estate", 60)
